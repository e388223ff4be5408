// What the page finds out about files and links before anything is sent.

import { expect, test } from '../support/fixtures.ts';
import { type Clips, makeClips } from '../support/clips.ts';
import { type MediaHost, startMediaHost } from '../support/media.ts';
import { Arrivals } from '../support/uploads.ts';
import { lookAsVideo, lookAsVoice, startWorkbench } from '../support/workbench.ts';

let clips: Clips;
let host: MediaHost;
let openHost: MediaHost;
test.beforeAll(async () => {
  test.setTimeout(600_000);
  [clips, host, openHost] = await Promise.all([makeClips(), startMediaHost(), startMediaHost({ isOpen: true })]);
});
test.afterAll(() => Promise.all([host.stop(), openHost.stop()]));
test.beforeEach(async ({ studio, page }) => {
  await studio.open();
  await startWorkbench(page);
});

test('a video tells its size, length, frames a second, sound, and its first frame', async ({ page }) => {
  expect(await lookAsVideo(page, { file: clips.path('phone.mp4') })).toEqual({
    width: 640,
    height: 360,
    durationMs: expect.closeTo(3_000, -2),
    fps: 25,
    hasSound: true,
    frame: { type: 'image/jpeg', width: 640, height: 360 },
  });
  // A WebM's frames are counted as they are shown, and a machine that is busy shows too few: it is looked again then.
  const webm = () => lookAsVideo(page, { file: clips.path('browser.webm') });
  await expect.poll(webm).toMatchObject({ width: 320, height: 240, fps: 30, hasSound: true });
});

test('sixty frames a second are told from thirty', async ({ page }) => {
  expect(await lookAsVideo(page, { file: clips.path('fast.mp4') })).toMatchObject({ fps: 60, hasSound: false });
});

test('a two-hour video tells its length', async ({ page }) => {
  expect(await lookAsVideo(page, { file: clips.path('two-hours.mp4') })).toMatchObject({ durationMs: 7_200_000, width: 64 });
});

test('a video without a sound is taken, a sound without a picture is not', async ({ page }) => {
  expect(await lookAsVideo(page, { file: clips.path('picture-only.mp4') })).toMatchObject({ hasSound: false, width: 320 });
  for (const name of ['sound-only.mp4', 'voice_es.mp3']) {
    expect(await lookAsVideo(page, { file: clips.path(name) }), name).toBe('no picture');
  }
});

test('what is empty, cut off, or no media at all is told', async ({ page }) => {
  const looks = { 'empty.mp4': 'empty', 'cut-off.mp4': 'unreadable', 'cut-in-the-head.mp4': 'unreadable', 'paper.mp3': 'unreadable' };
  for (const [name, error] of Object.entries(looks)) {
    expect(await lookAsVideo(page, { file: clips.path(name) }), `${name} as a video`).toBe(error);
    expect(await lookAsVoice(page, { file: clips.path(name) }), `${name} as a voice`).toBe(error);
  }
});

test('a voice tells its length, its waveform and its silence', async ({ page }) => {
  const voice = await lookAsVoice(page, { file: clips.path('voice_es.mp3') });
  expect(voice).toMatchObject({ durationMs: expect.closeTo(4_000, -2), isSilent: false, trailingSilenceMs: expect.closeTo(0, -2) });
  if (typeof voice === 'string') throw new Error(voice);
  expect(voice.peaks).toHaveLength(96);
  for (const peak of voice.peaks ?? []) expect(peak).toBeGreaterThan(0.05);

  expect(await lookAsVoice(page, { file: clips.path('silence-at-end.wav') })).toMatchObject({
    durationMs: expect.closeTo(5_000, -2),
    trailingSilenceMs: expect.closeTo(3_000, -2),
    isSilent: false,
  });
  expect(await lookAsVoice(page, { file: clips.path('silent.m4a') })).toMatchObject({ isSilent: true });
});

test('a two-hour voice tells its length and is not decoded', async ({ page }) => {
  expect(await lookAsVoice(page, { file: clips.path('two-hours.mp3') })).toEqual({
    durationMs: expect.closeTo(7_200_000, -4),
    peaks: null,
    trailingSilenceMs: null,
    isSilent: null,
  });
});

test('the voice of a video is taken, a picture without a sound is not', async ({ page }) => {
  expect(await lookAsVoice(page, { file: clips.path('sound-only.mp4') })).toMatchObject({ isSilent: false });
  expect(await lookAsVoice(page, { file: clips.path('picture-only.mp4') })).toBe('no sound');
});

test('a link tells what its other side allows', async ({ page }) => {
  expect(await lookAsVideo(page, { link: host.link('launch.mp4') })).toMatchObject({ width: 640, height: 360, frame: null });
  expect(await lookAsVoice(page, { link: host.link('launch_fr.mp3') })).toMatchObject({ durationMs: expect.closeTo(5_000, -2), peaks: null });
  expect(await lookAsVideo(page, { link: host.link('absent.mp4') })).toBe('closed');
  // One that lets every page look inside shows its frames as well.
  const open = () => lookAsVideo(page, { link: openHost.link('launch.mp4') });
  await expect.poll(open).toEqual({
    width: 640,
    height: 360,
    durationMs: expect.closeTo(3_000, -2),
    fps: 25,
    hasSound: false,
    frame: { type: 'image/jpeg', width: 640, height: 360 },
  });
  expect(await lookAsVideo(page, { link: openHost.link('absent.mp4') })).toBe('closed');
});

test('a mask is painted over a link that lets the page look inside, and over no other', async ({ studio, page }) => {
  const arrivals = new Arrivals(page);
  await studio.addVideo(host.link('launch.mp4'));
  await studio.choose('Who speaks', 'Paint the speaker');
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  await expect(page.getByText('This page may not look inside the video.')).toBeVisible();
  await studio.videoCard.getByRole('button', { name: 'Replace' }).click();
  await studio.addVideo(openHost.link('launch.mp4'));
  await studio.paintMask();
  await arrivals.expect(1);
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0);
});
