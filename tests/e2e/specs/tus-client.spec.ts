// Uploads by the stock client, tus-js-client: through broken connections, and through a server that is killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { expect, test } from '@playwright/test';
import { Upload } from 'tus-js-client';

import { cuttingProxy } from '../support/proxy.ts';
import { freePort } from '../support/redub.ts';

const VISITOR = { cookie: `redub_visitor=${'0123456789abcdef'.repeat(2)}`, 'sec-fetch-site': 'same-origin' };
const VOICE = voice(30_000_000);

let folder: string;
let port: number;
let server: ChildProcess;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redub-tus-'));
  port = await freePort();
  server = await start();
});

test.afterEach(async () => {
  await kill();
  await rm(folder, { recursive: true, force: true });
});

test('a file arrives as it was through a connection that breaks every few megabytes', async () => {
  const proxy = await cuttingProxy(port, 4_000_000);
  const path = await upload(proxy.port);
  proxy.stop();
  expect(proxy.cuts()).toBeGreaterThanOrEqual(7);
  await expectArrived(path);
});

test('a file arrives as it was through a server that is killed and started again', async () => {
  let restarted: Promise<void> | undefined;
  const restart = async () => {
    await kill();
    server = await start();
  };
  const proxy = await cuttingProxy(port, 12_000_000, () => (restarted ??= restart()));
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
      retryDelays: Array<number>(40).fill(200),
      onError: reject,
      onSuccess: () => resolve(new URL(upload.url ?? '').pathname),
    });
    upload.start();
  });
}

async function expectArrived(path: string): Promise<void> {
  const id = path.split('/').at(-1);
  const answer = await fetch(`http://127.0.0.1:${port}/media/${id}/voice.wav`, { headers: VISITOR });
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

async function start(): Promise<ChildProcess> {
  const program = process.env.REDUB_SERVER;
  if (!program) throw new Error('REDUB_SERVER names no program: start these tests with `cargo xtask e2e`.');
  const child = spawn(program, ['--listen', `127.0.0.1:${port}`, '--data', folder, '--mode', 'sandbox'], {
    env: { ...process.env, REDUB_PROVIDER_URL: 'http://127.0.0.1:9/v1' },
    stdio: 'ignore',
  });
  for (let trial = 0; trial < 200; trial++) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return child;
    await pause(50);
  }
  throw new Error('The server did not answer within 10 s.');
}

async function kill(): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}
