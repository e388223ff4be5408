// axe finds nothing on any page or state, wide and narrow, in light and dark, and the main job is done by keyboard alone.

import { expectNoFindings } from '../support/axe.ts';
import { expect, test } from '../support/fixtures.ts';
import { JOURNEYS, SIZES } from '../support/states.ts';

for (const { name, states } of JOURNEYS) {
  test(`axe finds nothing: ${name}`, async ({ page, studio, dub, library, clips }) => {
    test.setTimeout(400_000 + 60_000 * states.length);
    for (const state of states) {
      await page.setViewportSize(SIZES[0]);
      await state.reach({ studio, dub, library, clips });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        // Colours are the same however wide the page is.
        await expectNoFindings(page, `${state.name}, ${size.width} px`, size === SIZES[0] ? undefined : ['light']);
      }
    }
  });
}

test('the sample is sent by keyboard alone', async ({ studio, page }) => {
  await studio.open();
  const reach = async (name: RegExp) => {
    for (let press = 0; press < 60; press++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
      if (name.test(focused)) return;
    }
    throw new Error(`Tab does not lead to ${String(name)}`);
  };
  await reach(/^Use the sample$/);
  await page.keyboard.press('Enter');
  await expect(studio.voices).toHaveCount(2);
  await reach(/^Dub 2 tracks$/);
  await page.keyboard.press('Enter');
  // Some tens of presses are sooner than the server has taken both.
  await studio.stage.expectSent('Español');
  await studio.stage.expectSent('Deutsch');
  await reach(/^Español$/);
  await page.keyboard.press('ArrowRight');
  await expect(studio.stage.tab('Deutsch')).toBeFocused();
  await expect(studio.stage.tab('Deutsch')).toHaveAttribute('aria-selected', 'true');
});

test('what is seen first is reached first, wide and narrow', async ({ studio, page }) => {
  const sample = page.getByRole('button', { name: 'Use the sample' });
  const [wide, narrow] = SIZES;
  const last = page.getByRole('banner').getByRole('button');
  await page.setViewportSize(narrow);
  await studio.open();
  await last.focus();
  await page.keyboard.press('Tab');
  await expect(sample, 'above the cards').toBeFocused();

  // Turned, the stage stands beside the cards; whoever was typing goes on.
  await studio.prompt.focus();
  await page.setViewportSize(wide);
  await expect(studio.prompt).toBeFocused();
  await last.focus();
  await page.keyboard.press('Tab');
  await expect(studio.videoCard.getByLabel('Choose a video'), 'left of the stage').toBeFocused();
  await studio.submitButton.focus();
  await page.keyboard.press('Tab');
  await expect(sample).toBeFocused();

  await studio.prompt.focus();
  await page.setViewportSize(narrow);
  await expect(studio.prompt).toBeFocused();
  await last.focus();
  await page.keyboard.press('Tab');
  await expect(sample, 'above the cards again').toBeFocused();
});
