// The page's uploads through connections that break in the middle of a piece, and through a server that is killed.

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { StudioPage } from '../pages/studio.ts';
import { expect, test } from '../support/fixtures.ts';
import { cuttingProxy } from '../support/proxy.ts';
import { type Program, startServer } from '../support/redub.ts';
import { Arrivals, counted } from '../support/uploads.ts';

/** Far fewer bytes than the file has, and no number of whole pieces. */
const CUT_AFTER = 3_000_000;
/** How long the page may take: pauses after cuts grow up to a quarter of a minute, and a server has to start meanwhile. */
const PATIENCE_MS = 300_000;

test('a file arrives as it was from a page whose connection breaks in the middle of pieces', async ({ studio, page, redub, clips }) => {
  test.slow();
  const proxy = await cuttingProxy(() => redub.url, CUT_AFTER);
  await expectSent(studio, clips.path('large.mp4'), proxy.port);
  proxy.stop();
  expect(proxy.cuts()).toBeGreaterThan(0);
  await page.close();
});

test('a file arrives as it was from a page whose server is killed and started again', async ({ studio, page, clips }) => {
  test.slow();
  const folder = await mkdtemp(join(tmpdir(), 'redub-resuming-'));
  const start = (): Promise<Program> =>
    startServer(folder, { REDUB_MODE: 'sandbox', REDUB_PROVIDER_URL: 'http://127.0.0.1:9/v1' });
  let server = await start();
  let restarted: Promise<void> | undefined;
  const restart = async () => {
    await server.end('SIGKILL');
    server = await start();
  };
  const proxy = await cuttingProxy(() => server.url, CUT_AFTER, () => (restarted ??= restart()));
  try {
    await expectSent(studio, clips.path('large.mp4'), proxy.port);
    expect(restarted, 'it was killed').toBeDefined();
  } finally {
    proxy.stop();
    await page.close();
    await restarted;
    await server.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

/** Chooses a file on the page behind this port, and expects it to arrive as it was, no byte of it taken twice. */
async function expectSent(studio: StudioPage, path: string, port: number): Promise<void> {
  const { page } = studio;
  const [begun, taken, arrivals] = [counted(page, 'POST'), pieces(page), new Arrivals(page)];
  await page.goto(`http://127.0.0.1:${port}/`);
  await expect(studio.submitButton).toBeVisible();
  await studio.chooseVideo(path);
  await arrivals.expect(1, PATIENCE_MS);
  await expect(studio.uploads).toHaveCount(0);
  await expect(studio.videoCard).toContainText('640 × 360');
  expect(begun).toHaveLength(1);

  const file = await readFile(path);
  const id = arrivals.of('video').split('/').at(-1);
  const answer = await page.request.get(`http://127.0.0.1:${port}/media/${id}/large.mp4`);
  expect(answer.status()).toBe(200);
  expect(sha256(await answer.body())).toBe(sha256(file));

  // Each piece begins where the one before it ended, or further on: in the middle of one that was cut, whose half is there.
  const ends = [0, ...taken.map(({ to }) => to)];
  const skipped = taken.map(({ from }, nth) => from - (ends[nth] ?? 0));
  expect(Math.min(...skipped), 'bytes that were taken twice').toBeGreaterThanOrEqual(0);
  expect(Math.max(...skipped), 'bytes of a cut piece that were not sent again').toBeGreaterThan(0);
}

/** Where the accepted pieces began and ended. */
function pieces(page: Page): { from: number; to: number }[] {
  const taken: { from: number; to: number }[] = [];
  page.on('response', (response) => {
    const [request, to] = [response.request(), response.headers()['upload-offset']];
    if (request.method() !== 'PATCH' || !response.ok()) return;
    taken.push({ from: Number(request.headers()['upload-offset']), to: Number(to) });
  });
  return taken;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
