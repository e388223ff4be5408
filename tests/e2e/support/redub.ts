// A Redub of its own: the simulator and the server on free ports, with a folder that goes with them.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The simulator takes any key; the page must never see this one. */
export const KEY = 'sandbox-key-of-the-browser-tests';

/** How many files a visitor may have here: fewer than some test drops, and more than any other needs. */
export const MAX_FILES = 40;

/** How long a program may take to be ready, and to end by itself. */
const START_MS = 60_000;
const END_MS = 10_000;

export interface Redub {
  /** Where the page is, without a final slash. */
  readonly url: string;
  /** Where the provider's stand-in is. */
  readonly simulatorUrl: string;
  /** The file that every paid order is written to before it is answered. */
  readonly journal: string;
  /** What the server printed so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts both, and comes back once the server is ready. */
export async function startRedub(predictSeconds: number): Promise<Redub> {
  const folder = await mkdtemp(join(tmpdir(), 'redub-e2e-'));
  const simulator = await start('REDUB_SIMULATOR', {}, [
    ...['--listen', '127.0.0.1:0', '--data', join(folder, 'provider-sim')],
    ...['--predict-seconds', String(predictSeconds), '--allow-local-media'],
  ]);
  const server = startServer(join(folder, 'server'), {
    EACHLABS_API_KEY: KEY,
    REDUB_MODE: 'sandbox',
    REDUB_PROVIDER_URL: `${simulator.url}/v1`,
    REDUB_SAMPLE_URL: `${simulator.url}/sample`,
    REDUB_ESTIMATE_SECONDS: String(predictSeconds + 4),
    REDUB_UPLOAD_MAX_FILES: String(MAX_FILES),
  });
  const stop = async () => {
    await Promise.all([server.then((it) => it.end('SIGTERM'), () => {}), simulator.end('SIGTERM')]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { url, log } = await server;
    return { url, simulatorUrl: simulator.url, journal: join(folder, 'provider-sim', 'journal.jsonl'), log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One of the programs while it runs. */
export interface Program {
  /** Where it is, without a final slash. */
  readonly url: string;
  /** What it printed so far. */
  log(): string;
  /** Ends it; one that ignores that is killed. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** A server alone, which keeps its data in this folder; comes back once it is ready. */
export async function startServer(data: string, env: Record<string, string>): Promise<Program> {
  const server = await start('REDUB_SERVER', env, ['--listen', '127.0.0.1:0', '--data', data]);
  const limit = Date.now() + START_MS;
  while ((await fetch(`${server.url}/readyz`).catch(() => undefined))?.status !== 200) {
    if (Date.now() > limit) {
      await server.end('SIGKILL');
      throw new Error(`The server was not ready in time.\n${server.log()}`);
    }
    await pause(50);
  }
  return server;
}

/** Starts a program, and comes back once it has said at which port it listens: one that the system picks nobody else has. */
async function start(variable: string, env: Record<string, string>, args: string[]): Promise<Program> {
  const path = process.env[variable];
  if (!path) throw new Error(`${variable} names no program: start these tests with \`cargo xtask e2e\`.`);
  const child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const listening = new Promise<string>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`${path} did not say that it is ready.\n${log}`)), START_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        log += String(part);
        const port = /\bready\b.*\b127\.0\.0\.1:(\d+)\s/.exec(log)?.[1];
        if (port) {
          clearTimeout(limit);
          resolve(`http://127.0.0.1:${port}`);
        }
      });
    }
    child.once('error', reject).once('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`${path} ended with ${code}.\n${log}`));
    });
  });
  try {
    return { url: await listening, log: () => log, end: (signal) => end(child, signal) };
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  // One that could not be started has no id.
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const isOver = await Promise.race([ended.then(() => true), pause(END_MS, false, { ref: false })]);
  if (!isOver) child.kill('SIGKILL');
  await ended;
}
