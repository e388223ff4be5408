// What only some visits need: not loaded by the first, and loaded at the next try when it could not be.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';

/** Starts it as the page does at its nth try; tells whether it is there then. */
async function start(page: Page, trial: number): Promise<boolean> {
  return page.evaluate(async (trial) => {
    const ended = new Promise((resolve) => addEventListener('redub-workbench', resolve, { once: true }));
    const script = document.createElement('script');
    Object.assign(script, { type: 'module', src: `/workbench-start.js?test-${trial}` });
    document.head.append(script);
    await ended;
    return 'redubWorkbench' in window;
  }, trial);
}

test('a first visit loads nothing of the workbench, and a later one asks whether it is still the same', async ({ studio, page }) => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await studio.open();
  // Also nothing that the page would only load once it has nothing else to do.
  await page.waitForLoadState('networkidle');
  expect(loaded.filter((path) => /workbench|recorder/.test(path))).toEqual([]);
  for (const path of ['/workbench-start.js', '/workbench.js', '/workbench_bg.wasm', '/workbench/dialog.css', '/recorder-tap.js']) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()['cache-control'], path).toBe('no-cache');
  }
});

for (const part of ['workbench.js', 'workbench_bg.wasm', 'workbench/mask.css']) {
  test(`when ${part} could not be loaded, the next try loads it`, async ({ studio, page }) => {
    await studio.open();
    await page.route(`**/${part}?*`, (route) => route.abort(), { times: 1 });
    expect(await start(page, 1)).toBe(false);
    expect(await start(page, 2)).toBe(true);
  });
}
