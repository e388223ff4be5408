// Drafts that outlive the page they were made on: a tab that crashes, a day of doing something else.

import { createHash } from 'node:crypto';

import type { Page } from '@playwright/test';

import { StudioPage } from '../pages/studio.ts';
import { type Clips, makeClips } from '../support/clips.ts';
import { expect, test } from '../support/fixtures.ts';
import { Arrivals, counted, expectKept, hold } from '../support/uploads.ts';

const TUS = { 'Tus-Resumable': '1.0.0', 'Sec-Fetch-Site': 'same-origin' };
const DAY_MS = 86_400_000;

let clips: Clips;
test.beforeAll(async () => {
  test.setTimeout(600_000);
  clips = await makeClips();
});

test('a tab that crashes loses neither fields nor finished uploads nor a painted mask', async ({ studio, page, context }) => {
  test.slow();
  const mask = await fill(studio, 'through a crash');
  await crash(page);

  const again = new StudioPage(await context.newPage());
  const [known, begun, sent] = [new Arrivals(again.page), counted(again.page, 'POST'), counted(again.page, 'PATCH')];
  await again.open();
  await expectFilled(again, 'through a crash', 'phone.mp4', mask);
  // The server says of each that it has all of it.
  await known.expect(3);
  await expect(again.uploads).toHaveCount(0);
  await expectDubbed(again, 'through a crash');
  expect([begun, sent]).toEqual([[], []]);
  await expectPainted(again);
  await again.page.close();
});

test('a day of pause loses nothing, and what the server let go of meanwhile is sent again by itself', async ({ studio, page }) => {
  test.slow();
  const arrivals = new Arrivals(page);
  const mask = await fill(studio, 'of yesterday');
  const release = await hold(page, 2);
  const sent = counted(page, 'PATCH');
  await studio.videoCard.getByLabel('Replace the video').setInputFiles(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost');
  await expect(studio.uploads).toHaveAttribute('aria-valuenow', /^[1-9]/);
  await expectKept(page, 'large.mp4');
  await page.goto('about:blank');
  await release();

  // An upload that has not arrived is not waited for so long.
  const gone = await page.request.delete(sent[0] ?? '', { headers: TUS });
  expect(gone.status()).toBe(204);
  await page.clock.setFixedTime(Date.now() + DAY_MS);
  const begun = counted(page, 'POST');
  await studio.open();
  await expectFilled(studio, 'of yesterday', 'large.mp4', mask);
  // The first video, the voice, the mask, and now the second video.
  await arrivals.expect(4);
  await expect(studio.uploads).toHaveCount(0);
  await expectDubbed(studio, 'of yesterday');
  expect(begun).toHaveLength(1);
  await expectPainted(studio);
});

/** Fills in everything there is, waits until all has arrived, and gives the mask that was painted. */
async function fill(studio: StudioPage, prompt: string): Promise<string> {
  const { page } = studio;
  const arrivals = new Arrivals(page);
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('640 × 360');
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await studio.voices.getByRole('textbox', { name: 'Language' }).fill('Castellano');
  await studio.prompt.fill(prompt);
  await studio.choose('Seed', 'Fixed');
  await studio.seedNumber.fill('4711');
  await studio.choose('Resolution', '480p');
  await studio.paintMask();
  await arrivals.expect(3);
  await expect(studio.uploads).toHaveCount(0);
  for (const name of ['phone.mp4', 'voice_es.mp3', 'Mask.png']) await expectKept(page, name);
  return keptMask(page);
}

/** Ends the tab's process, as a crash does. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const devtools = await page.context().newCDPSession(page);
  // A tab that is gone answers nothing.
  devtools.send('Page.crash').catch(() => {});
  await crashed;
}

async function expectFilled(studio: StudioPage, prompt: string, video: string, mask: string): Promise<void> {
  await expect(studio.videoCard).toContainText(video);
  await expect(studio.videoCard).toContainText('640 × 360');
  await expect(studio.voices).toHaveCount(1);
  await expect(studio.voices).toContainText('voice_es.mp3');
  await expect(studio.voices.getByRole('textbox', { name: 'Language' })).toHaveValue('Castellano');
  await expect(studio.prompt).toHaveValue(prompt);
  await expect(studio.seedNumber).toHaveValue('4711');
  await expect(studio.page.getByRole('radiogroup', { name: 'Resolution' }).getByRole('radio', { name: '480p' })).toBeChecked();
  await expect(studio.maskFile).toBeVisible();
  expect(await keptMask(studio.page), 'the mask, pixel by pixel').toBe(mask);
}

/** Dubs what is there, and expects that all of it was ordered. */
async function expectDubbed(studio: StudioPage, prompt: string): Promise<void> {
  const order = studio.page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/dubs'));
  await studio.submit();
  const uploaded = { upload_id: expect.stringMatching(/./) };
  expect((await order).postDataJSON()).toMatchObject({
    ...{ video: uploaded, audio: uploaded, mask_image: uploaded },
    ...{ prompt, seed: 4711, resolution: '480p', label: 'Castellano' },
  });
  await studio.stage.expectDone();
}

/** What was painted can be painted on: an empty mask could not be saved. */
async function expectPainted(studio: StudioPage): Promise<void> {
  await studio.page.getByRole('button', { name: 'Paint again' }).click();
  await studio.easel.getByRole('button', { name: 'Save mask' }).click();
  await expect(studio.easel).toBeHidden();
}

/** The SHA-256 of the mask that the browser has kept. */
async function keptMask(page: Page): Promise<string> {
  const bytes = await page.evaluate(async () => {
    const cache = await caches.open('redub-files');
    const mask = (await cache.keys()).find(({ url }) => url.endsWith('-Mask.png'));
    const answer = mask && (await cache.match(mask));
    return [...new Uint8Array((await answer?.arrayBuffer()) ?? [])];
  });
  expect(bytes.length).toBeGreaterThan(0);
  return createHash('sha256').update(Buffer.from(bytes)).digest('hex');
}
