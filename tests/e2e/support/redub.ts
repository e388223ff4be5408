// A Redub of its own: the simulator and the server on free ports, with a folder that goes with them.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** The simulator takes any key; the page must never see this one. */
export const KEY = 'sandbox-key-of-the-browser-tests';

export interface Redub {
  /** Where the page is, without a final slash. */
  readonly url: string;
  /** Where the provider's stand-in is. */
  readonly simulatorUrl: string;
  /** What the server printed so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts both, and comes back once the server is ready. */
export async function startRedub(predictSeconds: number): Promise<Redub> {
  const folder = await mkdtemp(join(tmpdir(), 'redub-e2e-'));
  const simulator = start('REDUB_SIMULATOR', {}, [
    ...['--listen', '127.0.0.1:0', '--data', join(folder, 'provider-sim')],
    ...['--predict-seconds', String(predictSeconds), '--allow-local-media'],
  ]);
  const simulatorUrl = await readyAddress(simulator);
  const port = await freePort();
  const server = start(
    'REDUB_SERVER',
    {
      EACHLABS_API_KEY: KEY,
      REDUB_MODE: 'sandbox',
      REDUB_PROVIDER_URL: `${simulatorUrl}/v1`,
      REDUB_SAMPLE_URL: `${simulatorUrl}/sample`,
      REDUB_ESTIMATE_SECONDS: String(predictSeconds + 4),
    },
    ['--listen', `127.0.0.1:${port}`, '--data', join(folder, 'server')],
  );
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (part) => (log += String(part)));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await Promise.all([end(server), end(simulator)]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answers(`${url}/readyz`, server);
  } catch (error) {
    await stop();
    throw new Error(`${String(error)}\n${log}`);
  }
  return { url, simulatorUrl, log: () => log, stop };
}

/** Some free port of the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function start(variable: string, env: Record<string, string>, args: string[]): ChildProcess {
  const program = process.env[variable];
  if (!program) throw new Error(`${variable} names no program: start these tests with \`cargo xtask e2e\`.`);
  return spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function readyAddress(simulator: ChildProcess): Promise<string> {
  if (!simulator.stdout) throw new Error('no output');
  simulator.stderr?.resume();
  for await (const line of createInterface(simulator.stdout)) {
    const address = /is ready at (\S+)/.exec(line)?.[1];
    if (address) {
      simulator.stdout.resume();
      return address;
    }
  }
  throw new Error('The simulator ended before it was ready.');
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let trial = 0; trial < 200; trial++) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}.`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(100);
  }
  throw new Error(`${url} did not answer 200 within 20 s.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const isOver = await Promise.race([ended.then(() => true), pause(10_000, false, { ref: false })]);
  if (!isOver) child.kill('SIGKILL');
  await ended;
}
