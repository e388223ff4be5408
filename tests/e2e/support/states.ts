// Every page and state that a visitor can meet, and how to get there: for axe, and for pictures.

import { expect } from '@playwright/test';

import type { DubPage } from '../pages/dub.ts';
import type { LibraryPage } from '../pages/library.ts';
import type { StudioPage } from '../pages/studio.ts';

export interface Pages {
  studio: StudioPage;
  dub: DubPage;
  library: LibraryPage;
}

export interface State {
  name: string;
  reach(pages: Pages): Promise<void>;
}

export const STATES: State[] = [
  { name: 'studio-empty', reach: ({ studio }) => studio.open() },
  {
    name: 'studio-draft',
    reach: async ({ studio }) => {
      await studio.open();
      await studio.useSample();
    },
  },
  {
    name: 'studio-all-fields',
    reach: async ({ studio }) => {
      await studio.open();
      await studio.useSample();
      await studio.choose('Who speaks', 'Paint the speaker');
      await studio.choose('Seed', 'Fixed');
    },
  },
  {
    name: 'studio-errors',
    reach: async ({ studio }) => {
      await studio.open();
      await studio.addVideo('ftp://a.example/v.mp4');
      await studio.addVoice('not a link');
      await studio.choose('Seed', 'Fixed');
      await studio.seedNumber.fill('0');
      await studio.submit();
      await expect(studio.seedNumber).toHaveAttribute('aria-invalid', 'true');
    },
  },
  {
    name: 'running',
    reach: async ({ studio }) => {
      await studio.dubSample('sim:slow=25');
      await studio.stage.expectGenerating('Español');
    },
  },
  {
    name: 'done',
    reach: async ({ studio }) => {
      await studio.dubSample('calm');
      await studio.stage.expectDone();
    },
  },
  {
    name: 'failed',
    reach: async ({ studio }) => {
      await studio.dubSample('sim:error');
      await expect(studio.stage.tryAgain).toBeVisible();
    },
  },
  {
    name: 'unconfirmed',
    reach: async ({ studio }) => {
      await studio.dubSample('sim:drop-after-accept sim:unlisted');
      await expect(studio.stage.tryAgainAtRisk).toBeVisible();
    },
  },
  {
    name: 'library',
    reach: async ({ studio, library }) => {
      await studio.dubSample('sim:error');
      await expect(studio.stage.tryAgain).toBeVisible();
      await studio.dubAgainWith('calm');
      await studio.stage.expectDone();
      await library.visit();
      await expect(library.dubs).toHaveCount(2);
    },
  },
  {
    name: 'library-empty',
    reach: async ({ library }) => {
      await library.open();
      await expect(library.empty).toBeVisible();
    },
  },
  {
    name: 'dub',
    reach: async ({ studio, library, dub }) => {
      await studio.dubSample('calm');
      await library.visit();
      await library.dubs.first().click();
      await dub.stage.expectDone();
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
    name: 'connection-lost',
    reach: async ({ studio }) => {
      await studio.dubSample('sim:slow=25');
      await studio.stage.expectGenerating('Español');
      await studio.page.context().setOffline(true);
      await expect(studio.connection).toBeVisible({ timeout: 30_000 });
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
];
