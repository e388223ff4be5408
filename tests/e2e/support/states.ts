// Every page and state that a visitor can meet, and how to get there: for axe, and for pictures. States stand in journeys:
// one visitor goes through them one after another, so each begins where the one before it has ended.

import { expect } from '@playwright/test';

import type { DubPage } from '../pages/dub.ts';
import type { LibraryPage } from '../pages/library.ts';
import type { StudioPage } from '../pages/studio.ts';
import type { Clips } from './clips.ts';
import { DIALOG_JOURNEYS } from './dialog-states.ts';
import { FILE_JOURNEYS } from './file-states.ts';
import { Preview } from './preview.ts';

export interface Pages {
  studio: StudioPage;
  dub: DubPage;
  library: LibraryPage;
  clips: Clips;
}

export interface State {
  name: string;
  reach(pages: Pages): Promise<void>;
}

export interface Journey {
  name: string;
  states: State[];
}

/** How wide every state is looked at; it is reached in the first of them. */
export const SIZES = [{ width: 1280, height: 900 }, { width: 390, height: 844 }] as const;

/** What the server says of a dub whose video was kept for as long as it is kept. */
const KEPT_LONG_ENOUGH = {
  type: 'about:blank#result_gone',
  title: 'No longer kept',
  status: 410,
  detail: 'The video was kept until 21 December 2026 and is removed now.',
  code: 'result_gone',
};

export const JOURNEYS: Journey[] = [
  {
    name: 'the draft',
    states: [
      { name: 'studio-empty', reach: ({ studio }) => studio.open() },
      {
        name: 'studio-errors',
        reach: async ({ studio }) => {
          await studio.addVideo('ftp://a.example/v.mp4');
          await studio.addVoice('not a link');
          await studio.choose('Seed', 'Fixed');
          await studio.seedNumber.fill('0');
          await studio.submit();
          await expect(studio.seedNumber).toHaveAttribute('aria-invalid', 'true');
        },
      },
      {
        name: 'draft-put-aside',
        reach: async ({ studio }) => {
          await studio.prompt.fill('Calm, looking at the camera');
          await studio.useSample();
          await expect(studio.page.getByText('Your earlier draft is kept.')).toBeVisible();
        },
      },
      {
        name: 'studio-draft',
        reach: async ({ studio }) => {
          await studio.page.getByRole('button', { name: 'Discard it' }).click();
          await new Preview(studio.page).expectReady();
        },
      },
      {
        name: 'preview-playing',
        reach: async ({ studio }) => {
          const preview = new Preview(studio.page);
          await preview.speed.selectOption('0.5×');
          await preview.play.click();
          await expect(preview.pause).toBeVisible();
        },
      },
      {
        name: 'preview-silent',
        reach: async ({ studio }) => {
          const preview = new Preview(studio.page);
          await preview.position.press('m');
          await expect(preview.silent).toBeVisible();
        },
      },
      {
        name: 'studio-all-fields',
        reach: async ({ studio }) => {
          await studio.choose('Who speaks', 'Paint the speaker');
          await studio.choose('Seed', 'Fixed');
        },
      },
      {
        name: 'not-sent',
        reach: async ({ studio }) => {
          await studio.choose('Who speaks', 'Automatic');
          await studio.seedNumber.fill('7');
          await studio.page.route('**/api/batches', (route) => route.abort());
          await studio.submit();
          await expect(studio.page.getByText('The connection was lost. Press the button again')).toBeVisible();
        },
      },
    ],
  },
  {
    name: 'a dub on its way',
    states: [
      {
        name: 'running',
        reach: async ({ studio }) => {
          await studio.dubSample('sim:slow=300');
          await studio.stage.expectGenerating('Español');
        },
      },
      {
        name: 'late',
        reach: ({ studio }) => expect(studio.page.getByText('This takes longer than usual.')).toBeVisible({ timeout: 60_000 }),
      },
      {
        name: 'connection-lost',
        reach: async ({ studio }) => {
          await studio.page.context().setOffline(true);
          await expect(studio.connection).toBeVisible({ timeout: 30_000 });
        },
      },
    ],
  },
  {
    name: 'dubs that are over',
    states: [
      {
        name: 'failed',
        reach: async ({ studio }) => {
          await studio.dubSample('sim:error');
          await expect(studio.stage.tryAgain).toBeVisible();
        },
      },
      {
        name: 'done',
        reach: async ({ studio }) => {
          await studio.dubAgainWith('calm');
          await studio.stage.expectDone();
        },
      },
      {
        name: 'library',
        reach: async ({ library }) => {
          await library.visit();
          await expect(library.dubs).toHaveCount(2);
        },
      },
      {
        name: 'dub',
        reach: async ({ library, dub }) => {
          await library.dubs.first().click();
          await dub.stage.expectDone();
        },
      },
      {
        name: 'expired',
        reach: async ({ dub: { page, stage } }) => {
          await page.route('**/api/events*', (route) => route.abort());
          await page.route('**/api/dubs/*', async (route) => {
            const response = await route.fetch();
            const { output: _, ...made } = (await response.json()) as Record<string, unknown>;
            await route.fulfill({ response, json: { ...made, problem: KEPT_LONG_ENOUGH } });
          });
          await page.reload();
          await expect(stage.heading('Español is not here any more')).toBeVisible();
        },
      },
    ],
  },
  {
    name: 'dubs that their owner ends',
    states: [
      {
        name: 'cancelled',
        reach: async ({ studio }) => {
          await studio.dubSample('sim:slow=600');
          await studio.stage.expectGenerating('Español');
          await studio.stage.cancel.click();
          await expect(studio.stage.heading('Español was cancelled')).toBeVisible();
        },
      },
      {
        name: 'deleted',
        reach: async ({ studio }) => {
          await studio.page.route('**/api/dubs/*', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
          await studio.stage.delete.click();
          await expect(studio.stage.undo).toBeVisible();
        },
      },
      {
        name: 'deletion-lost',
        reach: ({ studio }) => expect(studio.page.getByText('The server does not answer. Español may still be there.')).toBeVisible({ timeout: 60_000 }),
      },
      {
        name: 'library-deleted',
        reach: async ({ studio, library }) => {
          await studio.page.unroute('**/api/dubs/*');
          await expect(studio.submitButton).toHaveText('Dub 1 track', { timeout: 60_000 });
          await studio.prompt.fill('sim:slow=600');
          await studio.submit();
          await studio.stage.expectGenerating('Español');
          await library.visit();
          await library.rows.getByRole('button', { name: 'Cancel' }).click();
          await library.rows.getByRole('button', { name: 'Delete' }).click();
          await expect(library.page.getByRole('button', { name: 'Undo' })).toBeVisible();
        },
      },
    ],
  },
  {
    name: 'an order of unknown fate',
    states: [
      {
        name: 'unconfirmed',
        reach: async ({ studio }) => {
          await studio.dubSample('sim:drop-after-accept sim:unlisted');
          await expect(studio.stage.tryAgainAtRisk).toBeVisible();
        },
      },
    ],
  },
  {
    name: 'where there is nothing',
    states: [
      {
        name: 'library-empty',
        reach: async ({ library }) => {
          await library.open();
          await expect(library.empty).toBeVisible();
        },
      },
      {
        name: 'dub-absent',
        reach: async ({ dub }) => {
          await dub.open('of-nobody');
          await expect(dub.absent).toBeVisible();
        },
      },
      {
        name: 'not-found',
        reach: async ({ dub }) => {
          await dub.page.goto('/no/such/page');
          await expect(dub.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
        },
      },
      {
        name: 'library-not-loaded',
        reach: async ({ library }) => {
          await library.page.route('**/api/dubs', (route) => route.abort());
          await library.open();
          await expect(library.page.getByText('The library could not be loaded.')).toBeVisible();
        },
      },
      {
        name: 'server-unreachable',
        reach: async ({ studio }) => {
          await studio.page.route('**/api/**', (route) => route.abort());
          await studio.page.goto('/');
          await expect(studio.page.getByText('The server does not answer')).toBeVisible({ timeout: 30_000 });
        },
      },
    ],
  },
  ...FILE_JOURNEYS,
  ...DIALOG_JOURNEYS,
];
