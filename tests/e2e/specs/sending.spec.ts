// Files while they are sent: as many as a careless hand drops, and a page that is left too soon.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '../support/fixtures.ts';
import { startServer } from '../support/redub.ts';
import { Arrivals, countAtOnce, counted, dragVoices, fillDisk, hold } from '../support/uploads.ts';

const FIFTY = 50;
/** How long so many may take where everything else takes long too. */
const PATIENCE_MS = 300_000;

test('fifty voices dropped at once are all taken, looked into and sent', async ({ studio, page }) => {
  test.slow();
  // One that takes as many as a server does that nobody has told otherwise.
  const folder = await mkdtemp(join(tmpdir(), 'redub-fifty-'));
  const server = await startServer(folder, { REDUB_MODE: 'sandbox', REDUB_PROVIDER_URL: 'http://127.0.0.1:9/v1' });
  try {
    const [begun, arrivals, mostAtOnce] = [counted(page, 'POST'), new Arrivals(page), await countAtOnce(page)];
    await page.goto(server.url);
    await expect(studio.videoCard.getByLabel('Choose a video')).toBeAttached();
    const drop = await dragVoices(page, FIFTY);
    await drop();
    await expect(studio.voices).toHaveCount(FIFTY);
    await expect(studio.submitButton).toHaveText(`Dub ${FIFTY} tracks`);
    await arrivals.expect(FIFTY, PATIENCE_MS);
    await expect(studio.uploads).toHaveCount(0);
    await expect(studio.voices.locator('[data-wave]')).toHaveCount(FIFTY, { timeout: PATIENCE_MS });
    await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0);
    expect(begun).toHaveLength(FIFTY);
    // Several at a time, and not so many that none gets on.
    expect([2, 3]).toContain(await mostAtOnce());
  } finally {
    await page.close();
    await server.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

test('a full disk is told as what it is, and the same file arrives once there is room', async ({ studio, page, clips }) => {
  const arrivals = new Arrivals(page);
  await studio.open();
  const makeRoom = await fillDisk(page);
  await studio.chooseVideo(clips.path('phone.mp4'));
  await expect(studio.videoCard).toContainText("The server's disk is full. Try again later.");
  await studio.addVoice('http://127.0.0.1:9/founder-message_es.mp3');
  await studio.submit();
  await expect(studio.videoCard.getByText('Try this file again, or remove it.')).toBeVisible();
  await expect(page.getByText('Choose another file')).toHaveCount(0);

  await makeRoom();
  await studio.videoCard.getByRole('button', { name: 'Try again' }).click();
  await arrivals.expect(1);
  await expect(studio.uploads).toHaveCount(0);
  await expect(studio.videoCard.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0);
});

test('who leaves while a file is sent is asked first, and afterwards no more', async ({ studio, page, clips }) => {
  const arrivals = new Arrivals(page);
  await studio.open();
  const release = await hold(page, 1);
  await studio.chooseVideo(clips.path('large.mp4'));
  await expect(studio.videoCard).toContainText('Connection lost');
  // A browser asks on behalf of those alone who have done something on the page.
  await studio.prompt.click();
  const question = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const asked = await question;
  expect(asked.type()).toBe('beforeunload');
  await asked.dismiss();
  await expect(studio.videoCard).toContainText('large.mp4');

  await release();
  await arrivals.expect(1);
  await expect(studio.uploads).toHaveCount(0);
  const askedAgain: string[] = [];
  page.on('dialog', (dialog) => {
    askedAgain.push(dialog.type());
    void dialog.accept();
  });
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(askedAgain).toEqual([]);
});
