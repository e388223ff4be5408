// What every test is given: a running Redub, the pages, and a watch for errors that nobody would see.

import { test as base, expect } from '@playwright/test';

import { DubPage } from '../pages/dub.ts';
import { LibraryPage } from '../pages/library.ts';
import { StudioPage } from '../pages/studio.ts';
import { type Clips, makeClips } from './clips.ts';
import { type Redub, startRedub } from './redub.ts';

/** Short, so the tests are; a test that needs longer says `sim:slow=SECONDS` in its prompt. */
const PREDICT_SECONDS = 2;

interface Given {
  studio: StudioPage;
  dub: DubPage;
  library: LibraryPage;
  /** Fails a test whose page threw, or whose console told of an error. */
  quiet: void;
}

export const test = base.extend<Given, { redub: Redub; clips: Clips }>({
  redub: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const redub = await startRedub(PREDICT_SECONDS);
      await use(redub);
      await redub.stop();
    },
    { scope: 'worker' },
  ],
  clips: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await use(await makeClips());
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  baseURL: async ({ redub }, use) => use(redub.url),
  studio: async ({ page }, use) => use(new StudioPage(page)),
  dub: async ({ page }, use) => use(new DubPage(page)),
  library: async ({ page }, use) => use(new LibraryPage(page)),
  quiet: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        // A refused or lost request is the visitor's business, and is tested where it belongs.
        const isRequest = message.text().startsWith('Failed to load resource');
        // Whether a link's other side lets the page look inside is asked by trying.
        const isClosed = message.text().includes('has been blocked by CORS policy');
        if (message.type() === 'error' && !isRequest && !isClosed) errors.push(message.text());
      });
      await use();
      expect(errors, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
