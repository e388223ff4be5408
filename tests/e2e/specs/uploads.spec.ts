// Files from the visitor's disk on their way to the server.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';
import { type Clips, makeClips } from '../support/clips.ts';
import { durationS } from '../support/media.ts';
import { play } from '../support/playback.ts';

const UPLOAD = '**/api/uploads/*';

let clips: Clips;
test.beforeAll(async () => {
  clips = await makeClips();
});
test.afterAll(async () => clips.remove());

/** Counts the requests of a method that go to uploads. */
function counted(page: Page, method: string): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === method && request.url().includes('/api/uploads')) sent.push(request.url());
  });
  return sent;
}

/** Lets the pieces of uploads through one by one, at most so many; gives back how to let all through. */
async function hold(page: Page, pieces: number): Promise<() => Promise<void>> {
  let left = pieces;
  await page.route(UPLOAD, async (route) => {
    if (route.request().method() === 'PATCH' && left-- <= 0) return route.abort('connectionfailed');
    return route.continue();
  });
  return () => page.unroute(UPLOAD);
}

test('a video and a voice from disk become a dub that plays', async ({ studio }) => {
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('phone.mp4');
  await expect(studio.videoCard).toContainText('640 × 360');
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await expect(studio.voices.getByRole('textbox', { name: 'Language' })).toHaveValue('Español');
  await studio.choose('Resolution', '480p');
  await studio.submit();

  await studio.stage.expectDone();
  const playback = await play(studio.stage.result);
  expect([playback.width, playback.height]).toEqual([896, 448]);
  expect(Math.abs(playback.durationS - (await durationS(clips.path('voice_es.mp3'))))).toBeLessThanOrEqual(0.2);
});

test('a file that replaces a link is what is sent', async ({ studio, page }) => {
  await studio.open();
  await studio.useSample();
  await studio.videoCard.getByRole('button', { name: 'Replace' }).click();
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText('640 × 360');
  await expect(studio.uploads).toBeHidden();
  const order = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/dubs'));
  await studio.submit();
  expect((await order).postDataJSON().video).toHaveProperty('upload_id');
});

test('an upload that was cut goes on by itself where it was', async ({ studio, page }) => {
  const begun = counted(page, 'POST');
  await studio.open();
  const release = await hold(page, 2);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost, goes on by itself');
  await expect(studio.uploads).not.toHaveAttribute('aria-valuenow', '0');
  await release();
  await expect(studio.uploads).toBeHidden();
  await expect(studio.videoCard).toContainText('large.mp4');
  expect(begun).toHaveLength(1);
});

test('a reload in the middle of an upload loses nothing and sends nothing twice', async ({ studio, page }) => {
  const begun = counted(page, 'POST');
  await studio.open();
  const release = await hold(page, 2);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost');
  await page.reload();
  await expect(studio.videoCard).toContainText('large.mp4');
  await release();
  await expect(studio.uploads).toBeHidden({ timeout: 30_000 });
  await expect(studio.videoCard).toContainText('640 × 360');
  expect(begun).toHaveLength(1);
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
});

test('a second tab with the same file sends nothing and follows', async ({ studio, page, context }) => {
  await studio.open();
  const release = await hold(page, 2);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost');
  const other = await context.newPage();
  const sent = [...counted(other, 'POST'), ...counted(other, 'PATCH')];
  await other.goto('/');
  await expect(other.getByText('Another tab is sending it')).toBeVisible();
  await release();
  await expect(studio.uploads).toBeHidden();
  await expect(other.getByRole('progressbar')).toBeHidden();
  expect(sent).toEqual([]);
  await other.close();
});

test('the order waits for the uploads, and says so', async ({ studio, page }) => {
  await studio.open();
  const release = await hold(page, 1);
  await studio.chooseVideo(clips.path('large.mp4'));
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  await page.getByRole('button', { name: 'Dub 1 track' }).click();
  await expect(page.getByRole('button', { name: 'Stop waiting' })).toBeVisible();
  await expect(page.getByText(/^Uploading .*, then sending\.$/)).toBeVisible();
  await release();
  await studio.stage.expectDone();
});

test('fifty files dropped at once fill the room there is, and the others are named', async ({ studio, page }) => {
  await studio.open();
  const bytes = 64;
  const files = await page.evaluateHandle((size) => {
    const transfer = new DataTransfer();
    for (let nth = 1; nth <= 50; nth++) {
      transfer.items.add(new File([new Uint8Array(size)], `voice${nth}.mp3`, { type: 'audio/mpeg', lastModified: 1 }));
    }
    return transfer;
  }, bytes);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: files });
  await expect(page.locator('html')).toHaveAttribute('data-drop', '');
  await page.dispatchEvent('body', 'drop', { dataTransfer: files });
  await expect(page.locator('html')).not.toHaveAttribute('data-drop');
  const { limits } = await (await page.request.get('/api/config')).json();
  const fit = Math.min(50, limits.upload.max_files);
  await expect(studio.voices).toHaveCount(fit);
  if (fit < 50) await expect(page.getByText(`voice50.mp3: no more than ${fit} files fit here at once.`)).toBeVisible();
  await studio.prompt.fill('still usable');
  await expect(studio.prompt).toHaveValue('still usable');
});

test('files that the server has let go of are sent again when they are ordered', async ({ studio, page }) => {
  const begun = counted(page, 'POST');
  await studio.open();
  await studio.chooseVideo(clips.path('phone.mp4'));
  const voice = page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok());
  await studio.chooseVoices(clips.path('voice_es.mp3'));
  const address = (await voice).url();
  await expect(studio.videoCard).toContainText('640 × 360');
  await expect(studio.uploads).toBeHidden();
  const status = await page.evaluate(async (address) => {
    const answer = await fetch(address, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } });
    return answer.status;
  }, address);
  expect(status).toBe(204);
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
  await studio.submit();
  await studio.stage.expectDone();
  await studio.stage.editAgain.click();
  await expect(studio.videoCard).toContainText('640 × 360');
  await studio.prompt.fill('calm');
  await studio.submit();
  await expect(studio.stage.result).toBeHidden();
  await studio.stage.expectDone();
  expect(begun).toHaveLength(2);
  const media = orders.map((order) => {
    const { video, audio } = order as Record<string, unknown>;
    return [video, audio];
  });
  expect(media).toHaveLength(2);
  expect(media[1]).toEqual(media[0]);
});
