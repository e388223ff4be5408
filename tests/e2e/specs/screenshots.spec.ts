// Pictures of every page and state, for people to look at: `cargo xtask screenshots`.

import { join } from 'node:path';

import { test } from '../support/fixtures.ts';
import { STATES } from '../support/states.ts';

const FOLDER = process.env.REDUB_SCREENSHOTS ?? 'test-results/screenshots';
const SIZES = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];

for (const { name, reach } of STATES) {
  test(`picture: ${name}`, { tag: '@screenshots' }, async ({ page, studio, dub, library }) => {
    await reach({ studio, dub, library });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        const mode = colorScheme === 'dark' ? '-dark' : '';
        await page.screenshot({ path: join(FOLDER, `${name}${mode}-${size.width}.png`), fullPage: true });
      }
    }
  });
}
