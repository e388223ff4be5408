// The recorder: from the question for the microphone to a file that is kept.

import type { Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expectNoFindings } from '../support/axe.ts';
import { expect, test } from '../support/fixtures.ts';
import { expectRecorded, kept, openRecorder, startWorkbench } from '../support/workbench.ts';

const run = promisify(execFile);

test.beforeEach(async ({ studio, page }) => {
  await studio.open();
  await startWorkbench(page);
});

test('a recording is paused, heard, kept, and as long as it says', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await expect(dialog.getByRole('combobox', { name: 'Microphone' }).getByRole('option').first()).toBeAttached();
  await expect(async () => {
    expect(Number(await dialog.getByRole('meter', { name: 'Level' }).getAttribute('aria-valuenow'))).toBeGreaterThan(10);
  }).toPass();
  await expectNoFindings(page, 'recorder, ready');

  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expectRecorded(dialog, 2);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Paused');
  const before = await expectRecorded(dialog, 2);
  await expectNoFindings(page, 'recorder, paused');
  expect(await expectRecorded(dialog, 2), 'a pause records nothing').toBe(before);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  const recorded = await expectRecorded(dialog, before + 1);
  await dialog.getByRole('button', { name: 'Stop' }).click();

  const listen = dialog.getByRole('button', { name: 'Listen' });
  await expect(listen).toBeFocused();
  await expect(dialog.locator('.bars i')).not.toHaveCount(0);
  await expectNoFindings(page, 'recorder, done');
  // Over and over: the button must not be done before it is looked at.
  await dialog.locator('audio').evaluate((audio: HTMLAudioElement) => (audio.loop = true));
  await listen.click();
  await expect(dialog.getByRole('button', { name: 'Pause' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Keep' }).click();

  const recording = await kept(page);
  expect(recording?.type).toBe('audio/wav');
  expect(recording?.durationMs).toBeGreaterThanOrEqual(recorded * 1_000);
  const folder = await mkdtemp(join(tmpdir(), 'redub-recorded-'));
  const path = join(folder, 'voice.wav');
  await writeFile(path, recording?.bytes ?? '');
  const words = ['-v', 'error', '-show_entries', 'stream=codec_name,channels,duration', '-of', 'csv=p=0', path];
  const [codec, channels, seconds] = (await run('ffprobe', words)).stdout.trim().split(',');
  await rm(folder, { recursive: true });
  expect([codec, channels]).toEqual(['pcm_s16le', '1']);
  expect(Math.abs(Number(seconds) * 1_000 - (recording?.durationMs ?? 0))).toBeLessThan(2);
});

test('a recording is made again, and Escape keeps nothing', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expectRecorded(dialog, 1);
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByRole('button', { name: 'Record again' }).click();
  await expect(dialog.getByRole('button', { name: 'Record', exact: true })).toBeFocused();
  await expect(dialog.getByText('0:00', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  expect(await kept(page)).toBeNull();
});

/** Notes every microphone that the page opens; gives back which are still on. */
async function watchMicrophone(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const tracks: MediaStreamTrack[] = [];
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
    Reflect.set(window, 'states', () => tracks.map((track) => track.readyState));
    Reflect.set(window, 'listening', () => tracks.find((track) => track.readyState === 'live')?.getSettings().deviceId);
  });
  return () => page.evaluate(() => (Reflect.get(window, 'states') as () => string[])());
}

test('the microphone is off as soon as it is not needed', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  const states = await watchMicrophone(page);
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await dialog.getByRole('button', { name: 'Record' }).click();
  await expect(dialog.getByText(/^0:0[1-9]$/)).toBeVisible();
  expect(await states()).toEqual(['live']);
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(states).toEqual(['ended']);
  await dialog.getByRole('button', { name: 'Record again' }).click();
  await expect(dialog.getByRole('button', { name: 'Record' })).toBeFocused();
  await page.keyboard.press('Escape');
  expect(await kept(page)).toBeNull();
  await expect.poll(states).toEqual(['ended', 'ended']);
});

test('a microphone whose opening fails halfway is off', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  const states = await watchMicrophone(page);
  await page.evaluate(() => {
    AudioWorklet.prototype.addModule = () => Promise.reject(new DOMException('no', 'AbortError'));
  });
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await expect(dialog.getByRole('status')).toHaveText('The microphone could not be opened');
  await expect.poll(states).toEqual(['ended']);
});

test('Escape asks before it throws a recording away', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await dialog.getByRole('button', { name: 'Record' }).click();
  await expect(dialog.getByText(/^0:0[1-9]$/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog.getByRole('button', { name: 'Listen' })).toBeFocused();
  const question = dialog.getByText('This is not saved yet. Discard it?');
  // Twice and once more: a browser may close a dialog at the second, whatever the first was answered.
  for (const isAsked of [true, false, true]) {
    await page.keyboard.press('Escape');
    await expect(question).toBeVisible({ visible: isAsked });
  }
  await expect(dialog.getByRole('button', { name: 'Back' })).toBeFocused();
  await expectNoFindings(page, 'recorder, asked');
  await dialog.getByRole('button', { name: 'Back' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  expect(await kept(page)).toBeNull();
});

test('a microphone that goes away leaves what it heard', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      Reflect.set(window, 'unplug', () => stream.getTracks().forEach((track) => track.dispatchEvent(new Event('ended'))));
      return stream;
    };
  });
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expectRecorded(dialog, 1);
  await page.evaluate(() => (Reflect.get(window, 'unplug') as () => void)());
  await expect(dialog.getByRole('status')).toHaveText(/The microphone was disconnected/);
  await dialog.getByRole('button', { name: 'Keep' }).click();
  expect((await kept(page))?.durationMs).toBeGreaterThanOrEqual(1_000);
});

/** Has the page hear each moment of the microphone a hundred times: a second of it is more than a minute and a half. */
async function hurry(page: Page): Promise<void> {
  await page.evaluate(() => {
    const Tap = AudioWorkletNode;
    Reflect.set(window, 'AudioWorkletNode', class extends Tap {
      override get port(): MessagePort {
        const port = super.port;
        type Hear = (message: { data: Float32Array }) => void;
        const hearing = (hear: Hear | null) => {
          port.onmessage = hear && (({ data }: MessageEvent<Float32Array>) => {
            const many = new Float32Array(data.length * 100);
            for (let at = 0; at < many.length; at += data.length) many.set(data, at);
            hear({ data: many });
          });
        };
        return Object.defineProperty({}, 'onmessage', { set: hearing }) as MessagePort;
      }
    });
  });
}

test('a recording ends by itself at ten minutes, which are kept to the sample', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  await hurry(page);
  const states = await watchMicrophone(page);
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await expect(dialog.getByText('of 10:00')).toBeVisible();
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(dialog.getByRole('status')).toHaveText('Recorded ten minutes, as much as a voice may have.', { timeout: 120_000 });
  await expect(dialog.getByText('10:00', { exact: true })).toBeVisible();
  await expect.poll(states).toEqual(['ended']);
  await dialog.getByRole('button', { name: 'Keep' }).click();
  await expect(dialog).toHaveCount(0);
  // As large as it is, it stays in the page.
  const { durationMs, bytes, samplesPerSecond } = await page.evaluate(async () => {
    await Reflect.get(window, 'closed');
    const [blob, durationMs] = Reflect.get(window, 'kept') as [Blob, number];
    const head = new DataView(await blob.slice(0, 44).arrayBuffer());
    return { durationMs, bytes: blob.size, samplesPerSecond: head.getUint32(24, true) };
  });
  expect([durationMs, bytes]).toEqual([600_000, 44 + 2 * 600 * samplesPerSecond]);
});

test('another microphone is listened to when it is chosen, and when it is recorded again', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  const states = await watchMicrophone(page);
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  const choice = dialog.getByRole('combobox', { name: 'Microphone' });
  await expect(choice.getByRole('option').nth(1)).toBeAttached();
  const first = await choice.inputValue();
  const other = await choice.getByRole('option').last().getAttribute('value');
  expect([first, other]).not.toContain('');
  expect(other).not.toBe(first);
  const listening = () => page.evaluate(() => (Reflect.get(window, 'listening') as () => string | undefined)());

  await choice.selectOption(other);
  await expect.poll(listening).toBe(other);
  await expect(choice).toHaveValue(other ?? '');
  // One is on at a time.
  await expect.poll(states).toEqual(['ended', 'live']);
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(choice).toBeDisabled();
  await expectRecorded(dialog, 1);
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByRole('button', { name: 'Record again' }).click();
  await expect.poll(listening).toBe(other);
  await expect(choice).toHaveValue(other ?? '');
});

test('a refused microphone is told, and can be asked for again', async ({ page, context }) => {
  await openRecorder(page);
  const dialog = page.getByRole('dialog', { name: 'Record a voice' });
  await expect(dialog.getByRole('status')).toHaveText('The microphone was refused');
  await expectNoFindings(page, 'recorder, refused');
  await context.grantPermissions(['microphone']);
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog.getByRole('button', { name: 'Record', exact: true })).toBeVisible();
});

test('no microphone at all is told from a refused one', async ({ page }) => {
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('None is there', 'NotFoundError'));
  });
  await openRecorder(page);
  await expect(page.getByRole('dialog').getByRole('status')).toHaveText('No microphone was found');
});
