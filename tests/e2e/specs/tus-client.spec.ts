// Uploads by the stock client, tus-js-client: through broken connections, and through a server that is killed.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';
import { Upload } from 'tus-js-client';

import { cuttingProxy } from '../support/proxy.ts';
import { type Program, startServer } from '../support/redub.ts';

const VISITOR = { cookie: `redub_visitor=${'0123456789abcdef'.repeat(2)}`, 'sec-fetch-site': 'same-origin' };
const VOICE = voice(30_000_000);

let folder: string;
let server: Program;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redub-tus-'));
  server = await start();
});

test.afterEach(async () => {
  await server.end('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

test('a file arrives as it was through a connection that breaks every few megabytes', async () => {
  const proxy = await cuttingProxy(() => server.url, 4_000_000);
  const path = await upload(proxy.port);
  proxy.stop();
  expect(proxy.cuts()).toBeGreaterThanOrEqual(7);
  await expectArrived(path);
});

test('a file arrives as it was through a server that is killed and started again', async () => {
  let restarted: Promise<void> | undefined;
  const restart = async () => {
    await server.end('SIGKILL');
    server = await start();
  };
  const proxy = await cuttingProxy(() => server.url, 12_000_000, () => (restarted ??= restart()));
  const path = await upload(proxy.port);
  proxy.stop();
  expect(restarted, 'it was killed').toBeDefined();
  await restarted;
  await expectArrived(path);
});

/** Uploads the voice as one long request, as the client does by itself; gives the upload's path. */
function upload(through: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(VOICE, {
      endpoint: `http://127.0.0.1:${through}/api/uploads`,
      headers: VISITOR,
      metadata: { kind: 'audio', filename: 'voice.wav' },
      // A minute: a server that was killed needs some of it to come back.
      retryDelays: Array<number>(300).fill(200),
      onError: reject,
      onSuccess: () => resolve(new URL(upload.url ?? '').pathname),
    });
    upload.start();
  });
}

async function expectArrived(path: string): Promise<void> {
  const id = path.split('/').at(-1);
  const answer = await fetch(`${server.url}/media/${id}/voice.wav`, { headers: VISITOR });
  expect(answer.status).toBe(200);
  expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(VOICE));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** PCM, 16 kHz, mono, 16 bits: noise. */
function voice(size: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  head.writeUInt32LE(size - 8, 4);
  [[16, 4], [1, 2], [1, 2], [16_000, 4], [32_000, 4], [2, 2], [16, 2]].reduce(
    (at, [value = 0, bytes = 0]) => head.writeUIntLE(value, at, bytes),
    16,
  );
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(size - 44, 40);
  return Buffer.concat([head, randomBytes(size - 44)]);
}

function start(): Promise<Program> {
  return startServer(folder, { REDUB_MODE: 'sandbox', REDUB_PROVIDER_URL: 'http://127.0.0.1:9/v1' });
}
