// Where things stand on the page, where a mistake would be seen at once and by no other test.

import type { Locator } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';
import { type Clips, makeClips } from '../support/clips.ts';

let clips: Clips;
test.beforeAll(async () => {
  test.setTimeout(600_000);
  clips = await makeClips();
});

async function box(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await element.boundingBox();
  if (!found) throw new Error('not to be seen');
  return found;
}

test("a small picture keeps its own shape, also beside the mask's style sheet", async ({ studio, page }) => {
  await studio.open();
  await studio.chooseVideo(clips.path('browser.webm'));
  await expect(studio.videoCard).toContainText('320 × 240');
  await studio.choose('Who speaks', 'Paint the speaker');
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Paint the speaker' });
  const paper = await box(dialog.getByRole('application'));
  expect(paper.width / paper.height).toBeCloseTo(4 / 3, 1);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  const picture = await box(studio.videoCard.locator('video'));
  expect(picture.width / picture.height).toBeCloseTo(4 / 3, 1);
  // What is cut off is measured on the picture: a quarter of its height.
  const kept = await box(studio.videoCard.locator('.crop'));
  expect([kept.width / picture.width, kept.height / picture.height]).toEqual([expect.closeTo(1, 1), expect.closeTo(0.73, 1)]);
});

test("the mask's rows stand under the choice that asks for them", async ({ studio, page }) => {
  await studio.open();
  await studio.choose('Who speaks', 'Paint the speaker');
  const { x } = await box(page.getByRole('radiogroup', { name: 'Who speaks' }));
  for (const part of [studio.maskLink, page.getByRole('button', { name: 'Paint', exact: true })]) {
    expect((await box(part)).x).toBeCloseTo(x, 0);
  }
});

test('a picture that stands upright is shown large, and a wide one moves nothing', async ({ studio, page }) => {
  await studio.open();
  await page.setViewportSize({ width: 390, height: 844 });
  const stage = studio.stage.root;
  const screen = async () => (await box(stage.locator('.screen'))).height;
  const wide = await screen();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('640 × 360');
  await expect.poll(() => stage.getByLabel('Original picture').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBe(640);
  expect(await screen()).toBeCloseTo(wide, 0);
  await studio.videoCard.getByRole('button', { name: 'Remove the video' }).click();
  await studio.chooseVideo(clips.path('upright.mp4'));
  await expect(studio.videoCard).toContainText('360 × 640');
  await expect.poll(screen).toBeCloseTo(0.72 * 844, 0);
});

test('no fact about a video is broken over two lines', async ({ studio }) => {
  await studio.open();
  await studio.chooseVideo(clips.path('upright.mp4'));
  const facts = studio.videoCard.getByText('360 × 640');
  await expect(facts).toContainText('25 fps');
  expect((await box(facts)).width).toBeGreaterThan(200);
  const lines = (fact: string) =>
    facts.evaluate((element, fact) => {
      const range = document.createRange();
      const text = element.firstChild;
      const at = (text?.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(fact);
      if (!text || at < 0) throw new Error(`not there: ${fact}`);
      range.setStart(text, at);
      range.setEnd(text, at + fact.length);
      return range.getClientRects().length;
    }, fact);
  for (const fact of ['360 × 640', '25 fps']) expect(await lines(fact), fact).toBe(1);
});

test('what can be done with a file stands in the line of its name', async ({ studio, page }) => {
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const middle = async (part: Locator) => {
      const { y, height } = await box(part);
      return y + height / 2;
    };
    const name = await middle(studio.videoCard.getByText('phone.mp4', { exact: true }));
    for (const part of [studio.videoCard.locator('label.btn'), studio.videoCard.getByRole('button', { name: 'Remove the video' })]) {
      expect(Math.abs((await middle(part)) - name)).toBeLessThan(4);
    }
  }
});

test('the name of a voice that has no other is read as a whole, also on a phone', async ({ studio, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await studio.open();
  await studio.chooseVoices(clips.path('silence-at-end.wav'));
  await expect(studio.voices.locator('[data-wave]')).toHaveCount(1);
  const name = studio.voices.getByText('silence-at-end.wav', { exact: true });
  await expect(name).toBeVisible();
  expect(await name.evaluate((name) => name.scrollWidth - name.clientWidth)).toBe(0);
});

test('of the facts about a dub none stands alone in a line', async ({ studio, page }) => {
  await studio.dubSample('calm');
  await studio.stage.expectDone();
  const lines = async () => {
    const tops = await page.locator('.facts > div').evaluateAll((facts) => facts.map((fact) => Math.round(fact.getBoundingClientRect().y)));
    return tops.map((top) => tops.filter((other) => other === top).length);
  };
  // As long as it can be.
  await page.locator('.facts dd').nth(2).evaluate((seed) => (seed.textContent = '2147483647'));
  for (const width of [1280, 1100, 1000]) {
    await page.setViewportSize({ width, height: 900 });
    expect(Math.min(...(await lines())), `${width} px wide`).toBeGreaterThan(1);
  }
});

test('what was sent is told in words also on the narrowest screen', async ({ studio, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await studio.dubSample('calm');
  const words = await box(page.getByText('All sent', { exact: true }));
  expect(words.height).toBeLessThan(30);
});
