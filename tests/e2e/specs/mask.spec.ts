// The mask: painted by mouse, touch and keyboard over the first frame, and read back pixel by pixel.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

import { expectNoFindings } from '../support/axe.ts';
import { expect, type Locator, type Page, test } from '../support/mask.ts';
import { kept, openMask, startWorkbench } from '../support/workbench.ts';

const WIDTH = 640;
const HEIGHT = 360;
const run = promisify(execFile);

/** A picture of this kind, as PNG. */
async function picture(source: string): Promise<Buffer> {
  const words = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', '-'];
  return (await run('ffmpeg', words, { encoding: 'buffer', maxBuffer: 1 << 26 })).stdout;
}

/** The grey of every pixel. */
async function greys(png: Buffer | undefined): Promise<{ size: string; at(x: number, y: number): number; all: Set<number> }> {
  const ffmpeg = execFile('ffmpeg', ['-v', 'error', '-f', 'png_pipe', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 26,
  });
  const parts: Buffer[] = [];
  ffmpeg.stdout?.on('data', (part: Buffer) => parts.push(part));
  ffmpeg.stdin?.end(png);
  await once(ffmpeg, 'close');
  const pixels = Buffer.concat(parts);
  const size = `${png?.readUInt32BE(16)}x${png?.readUInt32BE(20)}, ${pixels.length} pixels`;
  return { size, at: (x, y) => pixels[y * WIDTH + x] ?? -1, all: new Set(pixels) };
}

const SIZE = `${WIDTH}x${HEIGHT}, ${WIDTH * HEIGHT} pixels`;
const FRAME = `testsrc=size=${WIDTH}x${HEIGHT}`;
/** From black at the left to white at the right, twice the frame's size. */
const SHADES = 'color=size=1280x720,format=gray,geq=lum=255*X/W';

function parts(page: Page) {
  const dialog = page.getByRole('dialog', { name: 'Paint the speaker' });
  const button = (name: string) => dialog.getByRole('button', { name });
  return { dialog, button, paper: dialog.getByRole('application', { name: 'Mask over the first frame' }) };
}

/** Where a place of the frame, in its own pixels, is on the screen. */
async function onScreen(paper: Locator, x: number, y: number): Promise<[number, number]> {
  const box = await paper.boundingBox();
  if (!box) throw new Error('not to be seen');
  return [box.x + (x / WIDTH) * box.width, box.y + (y / HEIGHT) * box.height];
}

async function drag(page: Page, paper: Locator, from: [number, number], to: [number, number]): Promise<void> {
  await page.mouse.move(...(await onScreen(paper, ...from)));
  await page.mouse.down();
  await page.mouse.move(...(await onScreen(paper, ...to)), { steps: 8 });
  await page.mouse.up();
}

test('a mask painted by mouse is white where it was painted, black elsewhere, and nothing between', async ({ page }) => {
  await openMask(page, await picture(FRAME));
  const { dialog, button, paper } = parts(page);
  await expectNoFindings(page, 'mask, empty');
  await drag(page, paper, [200, 100], [200, 260]);
  await drag(page, paper, [450, 100], [450, 260]);
  await button('Undo').click();
  await button('Redo').click();
  await button('Undo').click();
  await dialog.getByRole('radio', { name: 'Eraser' }).check();
  await drag(page, paper, [160, 180], [240, 180]);
  await expectNoFindings(page, 'mask, painted');
  await button('Save mask').click();

  const mask = await kept(page);
  expect(mask?.type).toBe('image/png');
  const { size, at, all } = await greys(mask?.bytes);
  expect(size).toBe(SIZE);
  expect([...all].sort()).toEqual([0, 255]);
  expect([at(200, 120), at(200, 240), at(200, 180), at(450, 180), at(20, 20)]).toEqual([255, 255, 0, 0, 0]);
});

test('a mask is painted by keyboard alone', async ({ page }) => {
  await openMask(page, await picture(FRAME));
  const { button, paper } = parts(page);
  await paper.focus();
  for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('[');
  await page.keyboard.down('Space');
  for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowUp');
  await page.keyboard.up('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+z');
  await expect(button('Undo')).toBeDisabled();
  await page.keyboard.press('Control+Shift+Z');
  await expect(button('Undo')).toBeEnabled();
  await button('Save mask').press('Enter');

  const { at, all } = await greys((await kept(page))?.bytes);
  expect([...all].sort()).toEqual([0, 255]);
  const left = 320 - 4 * 18;
  expect([at(left, 180), at(left, 140), at(left + 60, 180), at(320, 180)]).toEqual([255, 255, 0, 0]);
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a finger paints and does not scroll', async ({ page }) => {
    await openMask(page, await picture(FRAME));
    const { button, paper } = parts(page);
    const touch = await page.context().newCDPSession(page);
    const finger = async (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) => {
      const [left, top] = await onScreen(paper, x, y);
      await touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: left, y: top }] });
    };
    await finger('touchStart', 200, 80);
    for (let y = 100; y <= 280; y += 20) await finger('touchMove', 200, y);
    await finger('touchEnd', 200, 280);
    await expect(button('Undo')).toBeEnabled();
    await expectNoFindings(page, 'mask, on a phone');
    await button('Save mask').click();
    const { size, at, all } = await greys((await kept(page))?.bytes);
    expect(size).toBe(SIZE);
    expect([...all].sort()).toEqual([0, 255]);
    expect([at(200, 90), at(200, 270), at(400, 180)]).toEqual([255, 255, 0]);
  });
});

test('an empty and a full mask are refused with the reason', async ({ page }) => {
  await openMask(page, await picture(FRAME));
  const { dialog, button, paper } = parts(page);
  await button('Save mask').click();
  await expect(dialog.getByRole('alert')).toHaveText(/^Nothing is painted yet/);
  await dialog.getByRole('slider', { name: 'Size' }).fill('100');
  for (const x of [0, 160, 320, 480, 640]) await drag(page, paper, [x, 40], [x, 330]);
  await button('Save mask').click();
  await expect(dialog.getByRole('alert')).toHaveText(/^Everything is painted/);
  await expectNoFindings(page, 'mask, full');
  await button('Clear').click();
  await expect(dialog.getByRole('alert')).toBeHidden();
  await page.keyboard.press('Escape');
  expect(await kept(page)).toBeNull();
});

test('an uploaded mask is checked, made black and white, and painted on', async ({ page }) => {
  await openMask(page, await picture(FRAME));
  const { dialog, button } = parts(page);
  const upload = async (name: string, buffer: Buffer) => {
    await dialog.getByLabel('Upload a mask').setInputFiles({ name, mimeType: 'image/png', buffer });
  };
  await upload('paper.png', Buffer.from('%PDF-1.7'));
  await expect(dialog.getByRole('alert')).toHaveText(/no PNG/);
  await upload('square.png', await picture('color=white:size=300x300'));
  await expect(dialog.getByRole('alert')).toHaveText(/300 × 300 and the video 640 × 360/);
  await upload('black.png', await picture('color=black:size=320x180'));
  await expect(dialog.getByRole('alert')).toHaveText(/^Nothing is painted yet/);
  await upload('grey.png', await picture(SHADES));
  await expect(dialog.getByRole('alert')).toBeHidden();
  await button('Save mask').click();
  const { size, at, all } = await greys((await kept(page))?.bytes);
  expect(size).toBe(SIZE);
  expect([...all].sort()).toEqual([0, 255]);
  expect([at(10, 180), at(300, 180), at(340, 180), at(630, 180)]).toEqual([0, 0, 255, 255]);
});

test('a mask that was kept is there again, and Escape leaves it as it was', async ({ page }) => {
  const frame = await picture(FRAME);
  await openMask(page, frame);
  const { button, paper } = parts(page);
  await drag(page, paper, [200, 100], [200, 260]);
  await button('Save mask').click();
  const before = await kept(page);
  await openMask(page, frame);
  await button('Save mask').click();
  expect((await kept(page))?.bytes.equals(before?.bytes ?? Buffer.alloc(0))).toBe(true);
});

test('strokes that were not saved outlive the tab, and not the dialog', async ({ page }) => {
  const frame = await picture(FRAME);
  const isKept = () => page.evaluate(async () => (await (await caches.open('redub-unfinished-mask')).keys()).length);
  await openMask(page, frame);
  const { button, paper } = parts(page);
  await drag(page, paper, [200, 100], [200, 260]);
  await expect.poll(isKept).toBe(1);
  await page.reload();
  await startWorkbench(page);
  await openMask(page, frame);
  await button('Save mask').click();
  const { at } = await greys((await kept(page))?.bytes);
  expect([at(200, 180), at(400, 180)]).toEqual([255, 0]);
  await expect.poll(isKept).toBe(0);
});

test('the dialog begins on the picture, and Escape asks before it throws a painting away', async ({ page }) => {
  await openMask(page, await picture(FRAME));
  const { dialog, button, paper } = parts(page);
  await expect(paper).toBeFocused();
  await page.keyboard.press('Space');
  await expect(button('Undo')).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(button('Back')).toBeFocused();
  await expect(dialog.getByText('This is not saved yet. Discard it?')).toBeVisible();
  await button('Back').click();
  await button('Cancel').click();
  await button('Discard').click();
  expect(await kept(page)).toBeNull();
});

test('a mask of another shape is not stretched over a new video', async ({ page }) => {
  await openMask(page, await picture(FRAME));
  const { button, paper } = parts(page);
  await drag(page, paper, [200, 100], [200, 260]);
  await button('Save mask').click();
  expect(await kept(page)).not.toBeNull();
  await openMask(page, await picture('testsrc=size=300x300'));
  await expect(button('Undo')).toBeDisabled();
  await button('Save mask').click();
  await expect(parts(page).dialog.getByRole('alert')).toHaveText(/^Nothing is painted yet/);
});

test('a second press of Paint leaves what the first one keeps', async ({ page }) => {
  const frame = await picture(FRAME);
  const isKept = () => page.evaluate(async () => (await (await caches.open('redub-unfinished-mask')).keys()).length);
  await openMask(page, frame);
  await drag(page, parts(page).paper, [200, 100], [200, 260]);
  await expect.poll(isKept).toBe(1);
  const second = await page.evaluate(async (frame) => {
    type Work = (job: number, one: unknown, other: unknown) => Promise<unknown>;
    const { work } = Reflect.get(window, 'redubWorkbench') as { work: Work };
    const bytes = Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0));
    return work(3, new Blob([bytes], { type: 'image/png' }), null);
  }, frame.toString('base64'));
  expect(second ?? null).toBeNull();
  expect(await isKept()).toBe(1);
});
