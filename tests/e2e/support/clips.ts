// Files as people have them on their disks, good and bad, made by ffmpeg.

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PICTURE = (size: string, rate: number, seconds: number) => ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${rate}:duration=${seconds}`];
const TONE = (seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=330:duration=${seconds}`];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

const RECIPES: Record<string, string[]> = {
  'phone.mp4': [...PICTURE('640x360', 25, 3), ...TONE(3), ...H264],
  'upright.mp4': [...PICTURE('360x640', 25, 2), ...H264],
  // Noise does not compress: some 15 MB, so that there is a middle of its upload.
  'large.mp4': [...PICTURE('640x360', 25, 12), '-vf', 'noise=alls=100:allf=t', ...H264, '-b:v', '10M'],
  'fast.mp4': [...PICTURE('320x180', 60, 3), ...H264],
  'browser.webm': [...PICTURE('320x240', 30, 2), ...TONE(2), '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus'],
  'picture-only.mp4': [...PICTURE('320x180', 25, 2), ...H264],
  'sound-only.mp4': [...TONE(2), '-c:a', 'aac'],
  'two-hours.mp4': ['-f', 'lavfi', '-i', 'color=size=64x64:rate=1:duration=7200', ...H264],
  'voice_es.mp3': [...TONE(4), '-ac', '2'],
  'silence-at-end.wav': [...TONE(2), '-af', 'apad=pad_dur=3', '-t', '5'],
  'silent.m4a': ['-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=mono', '-t', '3', '-c:a', 'aac'],
  'two-hours.mp3': ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', '7200', '-b:a', '8k'],
};

/** A minute of each, made only for those who name them. */
const LONG: Record<string, string[]> = {
  'speech.mp4': [...PICTURE('320x180', 25, 60), ...TONE(60), ...H264],
  'longer_es.mp3': [...TONE(63), '-ac', '2'],
  'shorter_de.wav': TONE(40),
};

export interface Clips {
  /** The path of a file. */
  path(name: string): string;
}

const made = new Map<string, Promise<Clips>>();

/** Makes these, or all that are short and the broken ones, once for every test of this process, and with it they go. */
export function makeClips(...wanted: string[]): Promise<Clips> {
  const key = wanted.join();
  const clips = made.get(key) ?? make(wanted);
  made.set(key, clips);
  return clips;
}

async function make(wanted: string[]): Promise<Clips> {
  const folder = await mkdtemp(join(tmpdir(), 'redub-clips-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  for (const [name, recipe] of Object.entries(wanted.length > 0 ? { ...RECIPES, ...LONG } : RECIPES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await run('ffmpeg', ['-v', 'error', '-y', ...recipe, '-movflags', '+faststart', path(name)].filter(isFor(name)));
  }
  if (wanted.length > 0) return { path };
  const phone = await readFile(path('phone.mp4'));
  await writeFile(path('cut-off.mp4'), phone.subarray(0, phone.length / 2));
  await writeFile(path('cut-in-the-head.mp4'), phone.subarray(0, 200));
  await writeFile(path('empty.mp4'), '');
  await writeFile(path('too-large.mp4'), '');
  // A hole in the disk: it takes no room.
  await truncate(path('too-large.mp4'), 250_000_000);
  await writeFile(path('paper.mp3'), '%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>\nendobj\n');
  return { path };
}

/** The option is one of the MP4 writer's. */
function isFor(name: string): (word: string) => boolean {
  return (word) => /\.(mp4|m4a)$/.test(name) || !/^(-movflags|\+faststart)$/.test(word);
}
