// Media of our own, made by ffmpeg and served from another port, as a visitor's storage would.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const TYPES: Record<string, string> = { '.mp4': 'video/mp4', '.mp3': 'audio/mpeg', '.png': 'image/png' };

export interface MediaHost {
  /** The link of a file. */
  link(name: string): string;
  stop(): Promise<void>;
}

/** A wide video of 3 s and a voice of 5 s: the last frame has to hold. An open host lets every page look inside. */
export async function startMediaHost({ isOpen = false } = {}): Promise<MediaHost> {
  const folder = await mkdtemp(join(tmpdir(), 'redub-media-'));
  const ffmpeg = (...args: string[]) => run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', ...args]);
  await ffmpeg('-i', 'testsrc=size=640x360:rate=25:duration=3', '-pix_fmt', 'yuv420p', join(folder, 'launch.mp4'));
  await ffmpeg('-i', 'sine=frequency=330:duration=5', join(folder, 'launch_fr.mp3'));

  const server = createServer((request, answer) => {
    const name = basename(new URL(request.url ?? '/', 'http://host').pathname);
    readFile(join(folder, name)).then(
      (bytes) => {
        const head = { 'content-type': TYPES[extname(name)] ?? '', 'content-length': bytes.length };
        answer.writeHead(200, isOpen ? { ...head, 'access-control-allow-origin': '*' } : head).end(bytes);
      },
      () => answer.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    link: (name) => `http://127.0.0.1:${address.port}/${name}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** How long a video or a voice is, in seconds. */
export async function durationS(link: string): Promise<number> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', link]);
  return Number(stdout.trim());
}
