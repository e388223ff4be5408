// What the card of the video shows of a file, and what the stage shows where there is no picture.

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

import type { Locator } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';
import { Preview } from '../support/preview.ts';
import { expectKept, hold } from '../support/uploads.ts';

/** How many colours are seen in what an element draws now: of a picture that is not drawn, one. */
function colours(video: Locator): Promise<number> {
  return video.evaluate((video: HTMLVideoElement) => {
    const [width, height] = [64, 36];
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context?.drawImage(video, 0, 0, width, height);
    const pixels = new Uint32Array(context?.getImageData(0, 0, width, height).data.buffer ?? new ArrayBuffer(0));
    return new Set(pixels).size;
  });
}

test('a video tells its name and its weight, and draws its first frame', async ({ studio, clips }) => {
  await studio.open();
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard.getByText('large.mp4', { exact: true })).toBeVisible();
  const megabytes = Math.floor((await stat(clips.path('large.mp4'))).size / 1_000_000);
  expect(megabytes).toBeGreaterThan(10);
  await expect(studio.videoCard).toContainText(`0:12 · 640 × 360 · 25 fps · ${megabytes} MB`);
  const frame = studio.videoCard.locator('video');
  await expect.poll(() => colours(frame)).toBeGreaterThan(20);
  expect(await frame.evaluate((video: HTMLVideoElement) => video.currentTime)).toBe(0);
});

test('a picture-only file in the video card is taken by its name, and no sound is missed', async ({ studio, page, clips }) => {
  await studio.open();
  await studio.chooseVideo(clips.path('picture-only.mp4'));
  await expect(studio.videoCard.getByText('picture-only.mp4', { exact: true })).toBeVisible();
  await expect(studio.videoCard).toContainText('320 × 180');
  await expect(studio.videoCard).toContainText(/\d\skB/);
  await expect(studio.uploads).toHaveCount(0);
  await expect(studio.videoCard.getByRole('alert')).toHaveCount(0);
  await expect(studio.videoCard.locator('.note')).toHaveCount(0);
  await expect.poll(() => colours(studio.videoCard.locator('video'))).toBeGreaterThan(20);
  // A still picture is no video.
  const words = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x36', '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', '-'];
  const { stdout: buffer } = await promisify(execFile)('ffmpeg', words, { encoding: 'buffer' });
  await page.getByLabel('Replace the video').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer });
  await expect(studio.videoCard).toContainText('photo.png: this is no video. MP4, MOV or WebM would do.');
  await expect(studio.videoCard.getByText('picture-only.mp4', { exact: true })).toBeVisible();
});

test('a sound in the video card leaves no preview to play', async ({ studio, page, clips }) => {
  const preview = new Preview(page);
  await studio.open();
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await studio.chooseVideo(clips.path('sound-only.mp4'));
  await expect(studio.stage.root.getByText('No picture to show')).toBeVisible();
  await expect(preview.root).toHaveCount(0);
  await expect(studio.videoCard).toContainText('This file is sound without a picture');
  await expect(studio.stage.root.getByText('No picture to show')).toBeVisible();
  await page.getByLabel('Replace the video').setInputFiles(clips.path('phone.mp4'));
  await preview.expectReady();
});

test('a file that is not kept any more is told from one that this browser cannot play', async ({ studio, page, clips }) => {
  const preview = new Preview(page);
  await studio.open();
  const release = await hold(page, 1);
  await studio.chooseVideo(clips.path('large.mp4'));
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await expectKept(page, 'voice_es.mp3');
  await expect(studio.videoCard).toContainText('Connection lost');
  await expectKept(page, 'large.mp4');
  // The browser needed the room.
  await page.evaluate(() => caches.delete('redub-files'));
  await page.reload();
  await expect(studio.videoCard).toContainText('This browser did not keep the file. Choose it again to go on.');
  await expect(studio.stage.root.getByText('No picture to show')).toBeVisible();
  await expect(page.getByText(/cannot (play|show)/)).toHaveCount(0);
  await release();
  await page.getByLabel('Choose large.mp4 again').setInputFiles(clips.path('large.mp4'));
  await expect.poll(async () => (await preview.picture()).readyState).toBeGreaterThanOrEqual(1);
});

test('a voice that is no voice has nothing to play', async ({ studio, clips }) => {
  await studio.open();
  await studio.chooseVoices(clips.path('paper.mp3'), clips.path('voice_es.mp3'));
  await expect(studio.voices.getByRole('alert')).toHaveText(/^This is a PDF/);
  await expect(studio.voices.nth(0).getByRole('button', { name: /^Play/ })).toHaveCount(0);
  await expect(studio.voices.nth(1).getByRole('button', { name: 'Play Español' })).toBeVisible();
});
