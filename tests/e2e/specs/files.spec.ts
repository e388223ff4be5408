// Files that cannot be used, and how the page says so.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Locator } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';
import { type Clips, makeClips } from '../support/clips.ts';
import { Arrivals, counted, expectKept } from '../support/uploads.ts';
import { expectRecorded } from '../support/workbench.ts';

/** A picture of this kind. */
async function png(source: string): Promise<Buffer> {
  const words = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', '-'];
  return (await promisify(execFile)('ffmpeg', words, { encoding: 'buffer', maxBuffer: 1 << 26 })).stdout;
}

let clips: Clips;
test.beforeAll(async () => {
  test.setTimeout(600_000);
  clips = await makeClips();
});
test.beforeEach(({ studio }) => studio.open());

test('an empty file is refused when it is chosen', async ({ studio }) => {
  await studio.chooseVideo(clips.path('empty.mp4'));
  await expect(studio.videoCard).toContainText('empty.mp4: this file is empty.');
});

test('a voice in the video card is refused when it is chosen', async ({ studio }) => {
  await studio.chooseVideo(clips.path('voice_es.mp3'));
  await expect(studio.videoCard).toContainText('this is no video. MP4, MOV or WebM would do.');
});

test('a video without a picture says that it needs one', async ({ studio }) => {
  await studio.chooseVideo(clips.path('sound-only.mp4'));
  await expect(studio.videoCard).toContainText('This file is sound without a picture; what is needed here is a video.');
  await expect(studio.videoCard).not.toContainText('This browser');
});

test('a two-hour video says that it is too long', async ({ studio }) => {
  await studio.chooseVideo(clips.path('two-hours.mp4'));
  await expect(studio.videoCard).toContainText('2:00:00');
  await expect(studio.videoCard).toContainText('longer than 10 minutes');
});

test('a video that was cut off is told', async ({ studio }) => {
  await studio.chooseVideo(clips.path('cut-in-the-head.mp4'));
  await expect(studio.videoCard).toContainText('This file is damaged or was cut short.');
  await expect(studio.videoCard).not.toContainText('This browser');
});

test('a video whose head is whole and whose end is missing is told', async ({ studio }) => {
  await studio.chooseVideo(clips.path('cut-off.mp4'));
  await expect(studio.videoCard).toContainText(/cut (off|short)/);
});

test('a PDF named mp3 is told once, counts as no dub, and is not sent again', async ({ studio, page }) => {
  const [begun, arrivals] = [counted(page, 'POST'), new Arrivals(page)];
  await studio.useSample();
  await studio.chooseVoices(clips.path('paper.mp3'));
  const row = studio.voices.nth(2);
  const words = 'This is a PDF. A voice is MP3, WAV, M4A, AAC, OGG, FLAC or WebM.';
  await expect(row.getByRole('alert')).toHaveText(words);
  await expect(row.locator('.note')).toHaveCount(0);
  await expect(studio.submitButton).toHaveText('Dub 2 tracks');
  await page.reload();
  await expect(row.getByRole('alert')).toHaveText(words);
  await expect(studio.submitButton).toHaveText('Dub 2 tracks');
  expect(begun).toHaveLength(1);

  // The others go; where there is no other, a voice is asked for where one is added.
  await studio.removeVoice('Deutsch');
  await studio.removeVoice('Español');
  await expect(studio.submitButton).toHaveText('Dub video');
  await studio.submit();
  await expect(studio.voiceLink).toBeFocused();
  await expect(page.getByText(words)).toHaveCount(1);

  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await arrivals.expect(1);
  await expect(studio.submitButton).toHaveText('Dub 1 track');
});

test('a page about a video is told from a video file', async ({ studio, redub }) => {
  await studio.addVideo(`${redub.url}/library?watch=1`);
  await expect(studio.videoCard).toContainText('Not a video file');
  await expect(studio.videoCard).toContainText('This link leads to a page, not to a video file.');
  await studio.videoCard.getByRole('button', { name: 'Replace' }).click();
  await studio.addVideo(`${redub.url}/api/no-such.mp4`);
  await expect(studio.videoCard).toContainText('Could not look inside');
  await expect(studio.videoCard).not.toContainText('leads to a page');
});

test('the crop is told for each resolution', async ({ studio }) => {
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('The dub is 1280 × 704: 2 % of the height is cut off.');
  await studio.choose('Resolution', '480p');
  await expect(studio.videoCard).toContainText('The dub is 896 × 448: 11 % of the height is cut off.');
});

test('a file that is chosen twice is not sent twice', async ({ studio, page }) => {
  const [begun, arrivals] = [counted(page, 'POST'), new Arrivals(page)];
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await expect(studio.voices).toHaveCount(1);
  await arrivals.expect(1);
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await expect(studio.voicesCard).toContainText('voice_es.mp3: this file is here already.');
  await expect(studio.voices).toHaveCount(1);
  expect(begun).toHaveLength(1);
});

test('a video says how fast it is, and what another speed will do to it', async ({ studio }) => {
  await studio.chooseVideo(clips.path('fast.mp4'));
  await expect(studio.videoCard).toContainText('60 fps');
  await expect(studio.videoCard).toContainText('The model plays every video at 25 frames a second.');
  await studio.videoCard.getByRole('button', { name: 'Remove the video' }).click();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('25 fps');
  await expect(studio.videoCard).not.toContainText('frames a second');
});

test('a voice shows its sound, and says where there is none', async ({ studio }) => {
  await studio.chooseVoices(clips.path('voice_es.mp3'), clips.path('silence-at-end.wav'), clips.path('silent.m4a'));
  const rows = studio.voices;
  await expect(rows).toHaveCount(3);
  const [voice, ending, silent] = [rows.nth(0), rows.nth(1), rows.nth(2)];
  await expect(voice.locator('[data-wave]')).toHaveCSS('--wave', /^polygon\(/);
  await expect(ending).toContainText('silent for more than a second at the end');
  await expect(silent).toContainText('Nothing is to be heard in this voice.');
  await expect(voice).not.toContainText(/silent|heard/);
});

test('a recorded voice becomes a track and arrives', async ({ studio, page, context }) => {
  const arrivals = new Arrivals(page);
  await context.grantPermissions(['microphone']);
  await studio.voicesCard.getByRole('button', { name: 'Record', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expectRecorded(dialog, 1);
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByRole('button', { name: 'Keep' }).click();
  await expect(dialog).toBeHidden();
  await expect(studio.voices).toHaveCount(1);
  const file = studio.voices.locator('.file');
  await expect(file).toHaveText('Recording.wav');
  // Nobody has named it yet, so the file's name stands under its waveform; then that alone says what it is.
  await expect(file).toHaveAttribute('data-wave');
  await expect.poll(() => isCutOff(file.locator('span'))).toBe(false);
  await studio.voices.getByRole('textbox', { name: 'Language' }).fill('Deutsch');
  await expect.poll(() => isCutOff(file)).toBe(true);
  await arrivals.expect(1);
  await expect(studio.uploads).toHaveCount(0);
  await expect(studio.voices.getByRole('alert')).toHaveCount(0);
});

/** Whether some of what stands in an element cannot be seen. */
function isCutOff(element: Locator): Promise<boolean> {
  return element.evaluate((element) => {
    const isClear = getComputedStyle(element).color === 'rgba(0, 0, 0, 0)';
    return isClear || element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth;
  });
}

test('a painted mask goes with the dub and outlives a reload', async ({ studio, page }) => {
  const arrivals = new Arrivals(page);
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('640 × 360');
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await studio.paintMask();
  await expect(page.getByRole('button', { name: 'Paint again' })).toBeFocused();
  // Beside the button to dub it may stand too, while it is sent.
  await expect(page.getByRole('status').filter({ hasText: /^Mask\.png$/ })).toBeAttached();
  await arrivals.expect(3);
  await expectKept(page, 'Mask.png');
  await page.reload();
  await expect(studio.maskFile).toBeVisible();
  await page.getByRole('button', { name: 'Paint again' }).click();
  // What was painted is there: an empty mask could not be saved.
  await studio.easel.getByRole('button', { name: 'Save mask' }).click();
  await expect(studio.easel).toBeHidden();
  const order = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/dubs'));
  await studio.submit();
  expect((await order).postDataJSON().mask_image).toHaveProperty('upload_id');
  await studio.stage.expectDone();
});

test('a mask that the server would not take is not begun to be painted', async ({ studio, page }) => {
  await page.route('**/api/config', async (route) => {
    const answer = await route.fetch();
    const config = (await answer.json()) as { limits: { upload: object } };
    Object.assign(config.limits.upload, { max_mask_pixels: 640 * 360 - 1 });
    await route.fulfill({ response: answer, json: config });
  });
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await studio.choose('Who speaks', 'Paint the speaker');
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  await expect(page.getByText('The video is 640 × 360, and a mask of that size is too large for this server.')).toBeVisible();
  await expect(studio.easel).toHaveCount(0);
});

test('a chosen mask becomes black and white, and must fit the video', async ({ studio, page }) => {
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('640 × 360');
  await studio.choose('Who speaks', 'Paint the speaker');
  const choose = page.getByLabel('Choose a mask');
  await choose.setInputFiles({ name: 'paper.png', mimeType: 'image/png', buffer: Buffer.from('%PDF-1.7') });
  await expect(page.getByText('paper.png: this is no PNG picture.')).toBeVisible();
  const shades = 'format=gray,geq=lum=255*X/W';
  await choose.setInputFiles({ name: 'white.png', mimeType: 'image/png', buffer: await png('color=white:size=320x180') });
  await expect(page.getByText('white.png: all of it is white')).toBeVisible();
  // More pixels than the server takes, which it would say only after all of them were sent.
  await choose.setInputFiles({ name: 'poster.png', mimeType: 'image/png', buffer: await png('color=white:size=6400x3600') });
  await expect(page.getByText('poster.png: this picture is too large.')).toBeVisible();

  const piece = page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok());
  await choose.setInputFiles({
    name: 'shades.png',
    mimeType: 'image/png',
    buffer: await png(`color=size=320x180,${shades}`),
  });
  const address = (await piece).url().split('/').pop() ?? '';
  const greys = await page.evaluate(async (address) => {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const pixels = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
    return [...new Set(pixels)].sort();
  }, `/media/${address}/shades.png`);
  expect(greys).toEqual([0, 255]);

  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await studio.videoCard.getByLabel('Replace the video').setInputFiles(clips.path('browser.webm'));
  const misfit = page.getByText('This picture is 320 × 180 and the video 320 × 240. A mask must have the same shape.');
  await expect(misfit).toBeVisible();
  const orders: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/dubs')) orders.push(request.url());
  });
  await studio.submit();
  // What stops the order is told where it stops.
  const stop = page.getByText('Choose another file, or remove this one.');
  await expect(stop).toBeVisible();
  await expect(misfit).toHaveCount(1);
  expect(orders).toEqual([]);
  await studio.videoCard.getByLabel('Replace the video').setInputFiles(clips.path('phone.mp4'));
  await expect(misfit).toHaveCount(0);
  await studio.submit();
  await expect.poll(() => orders.length).toBe(1);
});

test('a button shows that it is at work while what it needs is loaded', async ({ studio, page }) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/workbench_bg.wasm*', async (route) => {
    await released;
    await route.continue();
  });
  const record = studio.voicesCard.getByRole('button', { name: 'Record' });
  await record.click();
  await expect(record).toHaveAttribute('aria-busy', 'true');
  release();
  await expect(page.getByRole('dialog', { name: 'Record a voice' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(record).not.toHaveAttribute('aria-busy');
  await expect(record).toBeFocused();
});

test('files dropped over a dialog are not taken', async ({ studio, page }) => {
  await studio.voicesCard.getByRole('button', { name: 'Record' }).click();
  await expect(page.getByRole('dialog', { name: 'Record a voice' })).toBeVisible();
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(64)], 'voice.mp3', { type: 'audio/mpeg', lastModified: 1 }));
    return transfer;
  });
  const drop = async () => {
    await page.dispatchEvent('body', 'dragover', { dataTransfer: files });
    await page.dispatchEvent('body', 'drop', { dataTransfer: files });
  };
  await drop();
  await expect(page.locator('html')).not.toHaveAttribute('data-drop');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await drop();
  await expect(studio.voices).toHaveCount(1);
});
