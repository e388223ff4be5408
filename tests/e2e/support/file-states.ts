// The states of files of one's own, and of links: chosen, dropped, sent, looked into. What is recorded or painted stands in
// `dialog-states`.

import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { expect, type Page } from '@playwright/test';

import { MAX_FILES } from './redub.ts';
import type { Journey } from './states.ts';
import { fillDisk } from './uploads.ts';

/** So many pieces of an upload go over a slow line soon, so that there is a rate to tell. */
const SOON_PIECES = 3;
const SOON_MS = 700;
/** All others take so long that an upload is still on its way when every look at it is over. */
const LATE_MS = 10_000;

let endPauses = () => {};

/** Has uploads go over a slow line, over none, or as fast as they can. */
async function line(page: Page, kind: 'slow' | 'cut' | 'fast'): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  // What still waits on the line before is let go of.
  endPauses();
  if (kind === 'fast') return;
  const isOver = new Promise<void>((resolve) => (endPauses = resolve));
  let pieces = 0;
  await page.route('**/api/uploads/*', async (route) => {
    if (kind === 'cut') return route.abort('connectionfailed');
    if (route.request().method() === 'PATCH') {
      await Promise.race([pause(pieces++ < SOON_PIECES ? SOON_MS : LATE_MS, undefined, { ref: false }), isOver]);
    }
    return route.continue();
  });
}

/** Drags files over the page, as many as a careless hand takes; gives back how to drop them. */
async function dragFifty(page: Page, video: Buffer): Promise<() => Promise<void>> {
  const dataTransfer = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    const add = (name: string, bytes: BlobPart[]) => transfer.items.add(new File(bytes, name, { lastModified: 1 }));
    add('founder-message.mp4', [Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
    // A second of a tone as WAV: 8,000 samples of 8 bits.
    const samples = Uint8Array.from({ length: 8_000 }, (_, nth) => 128 + 100 * Math.sin(nth / 4) * Math.sin(nth / 900));
    const head = new Uint32Array([0x46464952, 8_036, 0x45564157, 0x20746d66, 16, 0x00010001, 8_000, 8_000, 0x00080001, 0x61746164, 8_000]);
    for (let nth = 1; nth <= 45; nth++) add(`promo-${nth}_${['es', 'de', 'fr', 'ja'][nth % 4]}.wav`, [head, samples]);
    add('a-second-video.mov', [head]);
    add('empty.mp3', []);
    add('face.png', [head]);
    add('notes.pdf', [head]);
    return transfer;
  }, video.toString('base64'));
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  return () => page.dispatchEvent('body', 'drop', { dataTransfer });
}

export const FILE_JOURNEYS: Journey[] = [
  {
    name: 'files on their way',
    states: [
      {
        name: 'upload-moving',
        reach: async ({ studio, clips }) => {
          await studio.open();
          await line(studio.page, 'slow');
          await studio.chooseVideo(clips.path('large.mp4'));
          await expect(studio.videoCard).toContainText(/\/s · .* left/);
        },
      },
      {
        name: 'waiting-for-uploads',
        reach: async ({ studio, clips }) => {
          await studio.chooseVoices(clips.path('voice_es.mp3'));
          await studio.submit();
          await expect(studio.page.getByText(/^Uploading .*, then sending\.$/)).toBeVisible();
        },
      },
      {
        name: 'upload-cut',
        reach: async ({ studio }) => {
          await line(studio.page, 'cut');
          await expect(studio.videoCard).toContainText('Connection lost, goes on by itself');
        },
      },
      {
        name: 'upload-lost',
        reach: async ({ studio }) => {
          await studio.page.getByRole('button', { name: 'Stop waiting' }).click();
          // The browser needed the room.
          await studio.page.evaluate(() => caches.delete('redub-files'));
          await line(studio.page, 'fast');
          await studio.page.reload();
          await expect(studio.videoCard).toContainText('This browser did not keep the file');
        },
      },
      {
        name: 'upload-cancelled',
        reach: async ({ studio, clips }) => {
          await line(studio.page, 'slow');
          await studio.videoCard.getByRole('button', { name: 'Remove the video' }).click();
          await studio.chooseVideo(clips.path('large.mp4'));
          await studio.page.getByRole('button', { name: 'Cancel the upload of large.mp4' }).click();
          await expect(studio.videoLink).toBeVisible();
        },
      },
      {
        name: 'upload-refused',
        reach: async ({ studio, clips }) => {
          await line(studio.page, 'fast');
          await studio.chooseVoices(clips.path('paper.mp3'));
          await expect(studio.voices.getByRole('alert')).toBeVisible();
        },
      },
      {
        name: 'upload-disk-full',
        reach: async ({ studio, clips }) => {
          await expect(studio.uploads).toHaveCount(0);
          await fillDisk(studio.page);
          await studio.chooseVideo(clips.path('phone.mp4'));
          await expect(studio.videoCard).toContainText("The server's disk is full.");
          await studio.submit();
          await expect(studio.videoCard).toContainText('Try this file again, or remove it.');
        },
      },
    ],
  },
  {
    name: 'fifty files dropped at once',
    states: [
      {
        name: 'drop-hover',
        reach: async ({ studio, clips }) => {
          await studio.open();
          await dragFifty(studio.page, await readFile(clips.path('phone.mp4')));
          await expect(studio.page.locator('html')).toHaveAttribute('data-drop', '');
        },
      },
      {
        name: 'fifty-files',
        reach: async ({ studio, clips }) => {
          const drop = await dragFifty(studio.page, await readFile(clips.path('phone.mp4')));
          await drop();
          await expect(studio.voices).toHaveCount(MAX_FILES - 1);
          await expect(studio.videoCard).toContainText('empty.mp3: this file is empty.');
          await expect(studio.voices.locator('[data-wave]')).toHaveCount(MAX_FILES - 1, { timeout: 180_000 });
          await expect(studio.uploads).toHaveCount(0, { timeout: 180_000 });
        },
      },
    ],
  },
  {
    name: 'a video and what is wrong with it',
    states: [
      {
        name: 'video-refused',
        reach: async ({ studio, clips }) => {
          await studio.open();
          await studio.chooseVideo(clips.path('voice_es.mp3'));
          await expect(studio.videoCard).toContainText('this is no video.');
        },
      },
      {
        name: 'video-too-large',
        reach: async ({ studio, clips }) => {
          await studio.chooseVideo(clips.path('too-large.mp4'));
          await expect(studio.videoCard).toContainText('no more than 100 MB can be handed on');
        },
      },
      {
        name: 'video-known',
        reach: async ({ studio, clips }) => {
          await studio.chooseVideo(clips.path('phone.mp4'));
          await expect(studio.videoCard).toContainText('25 fps');
          await expect(studio.videoCard).toContainText('2 % of the height is cut off.');
        },
      },
      {
        name: 'voices-doubted',
        reach: async ({ studio, clips }) => {
          await studio.chooseVoices(clips.path('voice_es.mp3'), clips.path('silence-at-end.wav'), clips.path('silent.m4a'));
          await expect(studio.voices.nth(0)).toContainText('1 s longer than the video.');
          await expect(studio.voices.nth(1)).toContainText('silent for more than a second at the end');
          await expect(studio.voices.nth(2)).toContainText('Nothing is to be heard in this voice.');
          await expect(studio.uploads).toHaveCount(0);
        },
      },
      {
        name: 'video-too-fast',
        reach: async ({ studio, clips }) => {
          await studio.videoCard.getByLabel('Replace the video').setInputFiles(clips.path('fast.mp4'));
          await expect(studio.videoCard).toContainText('The model plays every video at 25 frames a second.');
        },
      },
      {
        name: 'video-without-picture',
        reach: async ({ studio, clips }) => {
          await studio.videoCard.getByLabel('Replace the video').setInputFiles(clips.path('sound-only.mp4'));
          await expect(studio.videoCard).toContainText('This file is sound without a picture');
        },
      },
    ],
  },
  {
    name: 'links that nobody may look into',
    states: [
      {
        name: 'link-closed',
        reach: async ({ studio }) => {
          await studio.open();
          await studio.addVideo('http://127.0.0.1:9/founder-message.mp4');
          await studio.addVoice('http://127.0.0.1:9/founder-message_es.mp3');
          await expect(studio.videoCard).toContainText('Could not look inside');
          await expect(studio.voices).toContainText('Could not look inside');
          await expect(studio.stage.root.getByText('No picture to show')).toBeVisible();
        },
      },
      {
        name: 'link-to-a-page',
        reach: async ({ studio }) => {
          await studio.videoCard.getByRole('button', { name: 'Replace' }).click();
          await studio.addVideo('http://127.0.0.1:9/watch?v=founder-message');
          await expect(studio.videoCard).toContainText('This link leads to a page');
        },
      },
    ],
  },
];
