// Pictures of every page and state, for people to look at: `cargo xtask screenshots`.

import { join } from 'node:path';

import { test } from '../support/fixtures.ts';
import { JOURNEYS, SIZES } from '../support/states.ts';

const FOLDER = process.env.REDUB_SCREENSHOTS ?? 'test-results/screenshots';

for (const { name, states } of JOURNEYS) {
  test(`pictures: ${name}`, { tag: '@screenshots' }, async ({ page, studio, dub, library, clips }) => {
    for (const state of states) {
      await page.setViewportSize(SIZES[0]);
      await state.reach({ studio, dub, library, clips });
      // A dialog covers what is in sight, and no more.
      const fullPage = (await page.getByRole('dialog').count()) === 0;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const size of SIZES) {
          await page.setViewportSize(size);
          const mode = colorScheme === 'dark' ? '-dark' : '';
          await page.screenshot({ path: join(FOLDER, `${state.name}${mode}-${size.width}.png`), fullPage });
        }
      }
    }
  });
}
