// Files from the visitor's disk on their way to the server.

import { copyFile, rm } from 'node:fs/promises';

import { StudioPage } from '../pages/studio.ts';
import { expect, test } from '../support/fixtures.ts';
import { type Clips, makeClips } from '../support/clips.ts';
import { durationS } from '../support/media.ts';
import { play } from '../support/playback.ts';
import { MAX_FILES } from '../support/redub.ts';
import { createsWithPrompt, videoOfPrompt } from '../support/simulator.ts';
import { Arrivals, counted, dragVoices, expectKept, hold, pieces } from '../support/uploads.ts';

/** What the page sends along with each request for an upload. */
const TUS = { 'Tus-Resumable': '1.0.0', 'Sec-Fetch-Site': 'same-origin' };

let clips: Clips;
test.beforeAll(async () => {
  test.setTimeout(600_000);
  clips = await makeClips();
});

test('a video and a voice from disk go through the presigned PUT and become a dub that plays', async ({ studio, redub }) => {
  const prompt = 'from the disk';
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('phone.mp4');
  await expect(studio.videoCard).toContainText('640 × 360');
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await expect(studio.voices.getByRole('textbox', { name: 'Language' })).toHaveValue('Español');
  await studio.choose('Resolution', '480p');
  await studio.prompt.fill(prompt);
  await studio.submit();

  await studio.stage.expectDone();
  const playback = await play(studio.stage.result);
  expect([playback.width, playback.height]).toEqual([896, 448]);
  expect(Math.abs(playback.durationS - (await durationS(clips.path('voice_es.mp3'))))).toBeLessThanOrEqual(0.2);
  // What was put there stands at the provider's own address, which nobody else could have written to.
  const storage = `${redub.simulatorUrl}/storage/public/`;
  const video = await videoOfPrompt(redub, prompt);
  expect(video.slice(0, storage.length)).toBe(storage);
});

test('a file that replaces a link is what is sent', async ({ studio, page }) => {
  await studio.open();
  await studio.useSample();
  await studio.videoCard.getByRole('button', { name: 'Replace' }).click();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('640 × 360');
  const order = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/batches'));
  await studio.submit();
  expect((await order).postDataJSON().video).toHaveProperty('upload_id');
});

test('an upload that was cut goes on by itself where it was', async ({ studio, page }) => {
  const [begun, sent, arrivals] = [counted(page, 'POST'), pieces(page), new Arrivals(page)];
  await studio.open();
  const release = await hold(page, 2);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost, goes on by itself');
  await expect(studio.uploads).toHaveAttribute('aria-valuenow', /^[1-9]/);
  await release();
  await arrivals.expect(1);
  await expect(studio.uploads).toHaveCount(0);
  await expect(studio.videoCard).toContainText('large.mp4');
  expect(begun).toHaveLength(1);
  expectOnce(sent);
});

test('a reload in the middle of an upload loses nothing and sends nothing twice', async ({ studio, page }) => {
  const [begun, sent, arrivals] = [counted(page, 'POST'), pieces(page), new Arrivals(page)];
  await studio.open();
  const release = await hold(page, 2);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost');
  await expectKept(page, 'large.mp4');
  await page.reload();
  await expect(studio.videoCard).toContainText('large.mp4');
  await expect(studio.uploads).toHaveAttribute('aria-valuenow', /^[1-9]/);
  await release();
  await arrivals.expect(1);
  await expect(studio.uploads).toHaveCount(0);
  await expect(studio.videoCard).toContainText('640 × 360');
  expect(begun).toHaveLength(1);
  expectOnce(sent);
});

test('a cancelled upload is gone here and on the server', async ({ studio, page }) => {
  const ended = counted(page, 'DELETE');
  await studio.open();
  await hold(page, 1);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.uploads).toBeVisible();
  await page.getByRole('button', { name: 'Cancel the upload of large.mp4' }).click();
  await expect(studio.videoLink).toBeVisible();
  await expect.poll(() => ended.length).toBe(1);
  const status = async () => (await page.request.head(ended[0] ?? '', { headers: TUS })).status();
  await expect.poll(status).toBe(404);
});

test('a cancelled upload is gone on the server also where this browser keeps nothing', async ({ studio, page }) => {
  const ended = counted(page, 'DELETE');
  await page.addInitScript(() => {
    Storage.prototype.getItem = () => null;
    Storage.prototype.setItem = () => undefined;
  });
  await studio.open();
  await hold(page, 1);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost');
  await page.getByRole('button', { name: 'Cancel the upload of large.mp4' }).click();
  await expect.poll(() => ended.length).toBe(1);
});

test('a file arrives also where the browser refuses locks', async ({ studio, page }) => {
  await page.addInitScript(() => {
    LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'));
  });
  await studio.open();
  const arrived = page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok());
  await studio.chooseVideo(clips.path('phone.mp4'));
  await arrived;
  await expect(studio.uploads).toHaveCount(0);
  await expect(studio.videoCard).toContainText('640 × 360');
});

test('a file that was changed on the disk meanwhile is not waited for without an end', async ({ studio, page }) => {
  await page.addInitScript(() => {
    Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  });
  await studio.open();
  const release = await hold(page, 1);
  const path = clips.path('moved.mp4');
  await copyFile(clips.path('large.mp4'), path);
  await studio.chooseVideo(path);
  await expect(studio.videoCard).toContainText('Connection lost');
  await rm(path);
  await release();
  await expect(studio.videoCard).toContainText('This browser did not keep the file. Choose it again to go on.');
});

test('a second tab with the same file sends nothing and follows', async ({ studio, page, context }) => {
  const arrivals = new Arrivals(page);
  await studio.open();
  const release = await hold(page, 2);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost');
  const other = new StudioPage(await context.newPage());
  const [begun, sent] = [counted(other.page, 'POST'), counted(other.page, 'PATCH')];
  await other.open();
  await expect(other.videoCard).toContainText('Another tab is sending it');
  await other.videoCard.getByLabel('Replace the video').setInputFiles(clips.path('large.mp4'));
  await expect(other.videoCard).toContainText('large.mp4: this file is here already.');
  await expect(other.videoCard).toContainText('Another tab is sending it');
  await release();
  await arrivals.expect(1);
  await expect(studio.uploads).toHaveCount(0);
  await expect(other.uploads).toHaveCount(0);
  await expect(other.videoCard).toContainText('640 × 360');
  expect([begun, sent]).toEqual([[], []]);
  await other.page.close();
});

test('the order waits for the uploads, and says so', async ({ studio, page }) => {
  const orders: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/dubs')) orders.push(request.url());
  });
  await studio.open();
  const release = await hold(page, 1);
  await studio.chooseVideo(clips.path('large.mp4'));
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await page.getByRole('button', { name: 'Dub 1 track' }).click();
  await expect(page.getByRole('button', { name: 'Stop waiting' })).toBeVisible();
  await expect(page.getByText(/^Uploading .*, then sending\.$/)).toBeVisible();
  await expect(studio.videoCard).toContainText('Connection lost');
  expect(orders).toEqual([]);
  await release();
  await studio.stage.expectDone();
  expect(orders).toHaveLength(1);
});

test('a press that waits for files outlives a reload, and is paid once by however many tabs', async ({ studio, page, context, redub }) => {
  const prompt = 'through a reload';
  const release = await pressBeforeArrival(studio, prompt);
  await expect(page.getByText(/^Uploading .*, then sending\.$/)).toBeVisible();
  for (const name of FILES) await expectKept(page, name);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Stop waiting' })).toBeVisible();
  const other = new StudioPage(await context.newPage());
  await other.page.goto('/');
  await expect(other.page.getByRole('button', { name: 'Stop waiting' })).toBeVisible();
  await release();
  await studio.stage.expectDone();
  await other.stage.expectDone();
  expect(await createsWithPrompt(redub, prompt)).toBe(1);
  await other.page.close();
});

test('a press of long ago is not gone on with, and that is told', async ({ studio, page, redub }) => {
  const prompt = 'pressed the day before';
  const release = await pressBeforeArrival(studio, prompt);
  await expect(page.getByRole('button', { name: 'Stop waiting' })).toBeVisible();
  for (const name of FILES) await expectKept(page, name);
  await page.clock.setFixedTime(Date.now() + 86_400_000);
  await page.reload();
  await expect(page.getByText('Nothing was sent: the page was closed before the files had arrived.')).toBeVisible();
  await expect(studio.submitButton).toBeFocused();
  await release();
  await expect(studio.uploads).toHaveCount(0);
  expect(await createsWithPrompt(redub, prompt)).toBe(0);
});

test('fifty files dropped at once fill the room there is, and the others are named', async ({ studio, page }) => {
  await studio.open();
  // Where files are taken, the server says: before that, nothing can be dropped.
  await expect(studio.videoCard.getByLabel('Choose a video')).toBeAttached();
  const drop = await dragVoices(page, 50);
  await expect(page.locator('html')).toHaveAttribute('data-drop', '');
  await drop();
  await expect(page.locator('html')).not.toHaveAttribute('data-drop');
  await expect(studio.voices).toHaveCount(MAX_FILES);
  await expect(page.getByText(`voice50.wav: no more than ${MAX_FILES} files fit here at once.`)).toBeVisible();
  await studio.prompt.fill('still usable');
  await expect(studio.prompt).toHaveValue('still usable');
});

test('files that the server has let go of are sent again when they are ordered', async ({ studio, page }) => {
  const [begun, arrivals] = [counted(page, 'POST'), new Arrivals(page)];
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await expect(studio.videoCard).toContainText('640 × 360');
  await arrivals.expect(2);
  await expect(studio.uploads).toHaveCount(0);
  const gone = await page.request.delete(arrivals.of('audio'), { headers: TUS });
  expect(gone.status()).toBe(204);
  expect(begun).toHaveLength(2);
  await studio.submit();
  await expect(page.getByRole('alert').filter({ hasText: 'is sent again. Press the button again.' })).toBeVisible();
  await studio.submit();
  await studio.stage.expectDone();
  expect(begun).toHaveLength(3);
});

test('a dub of own files is edited and dubbed again, and nothing is sent twice', async ({ studio, page }) => {
  const begun = counted(page, 'POST');
  const orders: unknown[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/dubs')) orders.push(request.postDataJSON());
  });
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  // Before it is a track, the button has nothing to send.
  await expect(studio.voices).toHaveCount(1);
  await studio.submit();
  await studio.stage.expectDone();
  await studio.stage.editAgain.click();
  // The draft is one that nothing was made of yet: what is done after this is the second.
  await expect(studio.stage.result).toHaveCount(0);
  await expect(studio.videoCard).toContainText('640 × 360');
  // What is known of the voice is found again in what the server has.
  await expect(studio.voices.locator('[data-wave]')).toHaveCSS('--wave', /^polygon\(/);
  await studio.prompt.fill('calm');
  await studio.submit();
  await studio.stage.expectDone();
  expect(begun).toHaveLength(2);
  const media = orders.map((order) => {
    const { video, audio } = order as Record<string, unknown>;
    return [video, audio];
  });
  expect(media).toHaveLength(2);
  expect(media[1]).toEqual(media[0]);
});

/** What {@link pressBeforeArrival} chooses. */
const FILES = ['large.mp4', 'voice_es.mp3'] as const;

/** Presses the button while the video's upload is cut off; what is given lets it go on. */
async function pressBeforeArrival(studio: StudioPage, prompt: string): Promise<() => Promise<void>> {
  await studio.open();
  const release = await hold(studio.page, 1);
  await studio.prompt.fill(prompt);
  const [video, voice] = FILES;
  await studio.chooseVideo(clips.path(video));
  await studio.chooseVoices(clips.path(voice));
  await studio.page.getByRole('button', { name: 'Dub 1 track' }).click();
  return release;
}

/** Expects that no byte was taken twice. */
function expectOnce(offsets: number[]): void {
  expect(offsets.length).toBeGreaterThan(2);
  expect(new Set(offsets).size, 'where pieces began').toBe(offsets.length);
}
