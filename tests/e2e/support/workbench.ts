// The workbench, called as the page calls it: by its own start script, through its one function.

import { expect, type Locator, type Page } from '@playwright/test';

/** The numbers of its jobs, as `src/browser/workbench/seam.rs` has them. */
const JOBS = { video: 0, voice: 1, record: 2, paint: 3 };
/** The numbers of what a look may end with. */
const ERRORS = ['empty', 'unreadable', 'no picture', 'no sound', 'closed'] as const;

export interface VideoLook {
  width: number;
  height: number;
  durationMs: number | null;
  fps: number | null;
  hasSound: boolean | null;
  frame: { type: string; width: number; height: number } | null;
}

export interface VoiceLook {
  durationMs: number | null;
  peaks: number[] | null;
  trailingSilenceMs: number | null;
  isSilent: boolean | null;
}

/** Loads it into the page that is open. */
export async function startWorkbench(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const started = new Promise((resolve) => addEventListener('redub-workbench', resolve, { once: true }));
    const script = document.createElement('script');
    Object.assign(script, { type: 'module', src: '/workbench-start.js?test' });
    document.head.append(script);
    await started;
  });
  expect(await page.evaluate(() => 'redubWorkbench' in window)).toBe(true);
}

async function look(page: Page, kind: 'video' | 'voice', source: { file: string } | { link: string }): Promise<unknown> {
  if ('file' in source) {
    await page.evaluate(() => {
      document.querySelector('#looked-at')?.remove();
      const input = Object.assign(document.createElement('input'), { type: 'file', id: 'looked-at' });
      document.body.append(input);
    });
    await page.locator('#looked-at').setInputFiles(source.file);
  }
  return page.evaluate(
    async ({ job, link }) => {
      type Work = (job: number, one: unknown, other: unknown) => Promise<unknown>;
      const { work } = Reflect.get(window, 'redubWorkbench') as { work: Work };
      const input = document.querySelector<HTMLInputElement>('#looked-at');
      const answer = await work(job, link ?? input?.files?.[0], null);
      if (!Array.isArray(answer)) return answer;
      const values: unknown[] = [];
      for (const value of answer) {
        if (!(value instanceof Blob)) {
          values.push(value ?? null);
          continue;
        }
        const { width, height } = await createImageBitmap(value);
        values.push({ type: value.type, width, height });
      }
      return values;
    },
    { job: JOBS[kind], link: 'link' in source ? source.link : null },
  );
}

/** What a look as a video finds, or the error's name. */
export async function lookAsVideo(page: Page, source: { file: string } | { link: string }): Promise<VideoLook | string> {
  const answer = await look(page, 'video', source);
  if (!Array.isArray(answer)) return ERRORS[answer as number] ?? 'unknown';
  const [width, height, durationMs, fps, hasSound, frame] = answer;
  return { width, height, durationMs, fps, hasSound, frame };
}

/** What a look as a voice finds, or the error's name. */
export async function lookAsVoice(page: Page, source: { file: string } | { link: string }): Promise<VoiceLook | string> {
  const answer = await look(page, 'voice', source);
  if (!Array.isArray(answer)) return ERRORS[answer as number] ?? 'unknown';
  const [durationMs, trailingSilenceMs = null, isSilent = null, peaks = null] = answer;
  return { durationMs, peaks, trailingSilenceMs, isSilent };
}

/** Opens a dialog as the page does, and gives what it was closed with. */
async function open(page: Page, job: 'record' | 'paint', frame: string | null): Promise<void> {
  await page.evaluate(
    async ({ job, frame }) => {
      type Work = (job: number, one: unknown, other: unknown) => Promise<unknown>;
      const { work } = Reflect.get(window, 'redubWorkbench') as { work: Work };
      const bytes = frame === null ? null : Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0));
      const kept: unknown = Reflect.get(window, 'kept') ?? null;
      const blob = bytes && new Blob([bytes], { type: 'image/png' });
      const closed = work(job, blob, job === 3 ? kept : null).then((answer) => Reflect.set(window, 'kept', answer));
      Reflect.set(window, 'closed', closed);
    },
    { job: JOBS[job], frame },
  );
  await expect(page.getByRole('dialog')).toBeVisible();
}

export interface Recorded {
  type: string;
  durationMs: number;
  /** Of the file itself. */
  bytes: Buffer;
}

/** Waits until so many seconds are recorded, and gives how many there are by then. */
export async function expectRecorded(dialog: Locator, seconds: number): Promise<number> {
  let recorded = 0;
  const look = async () => {
    const [minutes = '0', rest = '0'] = (await dialog.locator('.time b').innerText()).split(':');
    return (recorded = Number(minutes) * 60 + Number(rest));
  };
  await expect.poll(look, { message: 'seconds recorded' }).toBeGreaterThanOrEqual(seconds);
  return recorded;
}

/** Opens the recorder. */
export const openRecorder = (page: Page): Promise<void> => open(page, 'record', null);

/** Opens the mask's dialog over this frame, with the mask that was saved last. */
export const openMask = (page: Page, frame: Buffer): Promise<void> => open(page, 'paint', frame.toString('base64'));

/** The file that the last dialog was closed with, or nothing. */
export async function kept(page: Page): Promise<Recorded | null> {
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const file = await page.evaluate(async () => {
    // The dialog is gone a moment before its answer is there.
    await Reflect.get(window, 'closed');
    const answer: unknown = Reflect.get(window, 'kept') ?? null;
    const [blob, durationMs] = Array.isArray(answer) ? answer : [answer, 0];
    if (!(blob instanceof Blob)) return null;
    let text = '';
    for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
    return { type: blob.type, durationMs: Number(durationMs), base64: btoa(text) };
  });
  return file && { type: file.type, durationMs: file.durationMs, bytes: Buffer.from(file.base64, 'base64') };
}
