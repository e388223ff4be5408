// A studio with the workbench already there.

import { test as base } from './fixtures.ts';
import { startWorkbench } from './workbench.ts';

export { expect } from './fixtures.ts';
export type { Locator, Page } from '@playwright/test';

export const test = base.extend<{ workbench: void }>({
  workbench: [
    async ({ studio, page }, use) => {
      await studio.open();
      await startWorkbench(page);
      await use();
    },
    { auto: true },
  ],
});
