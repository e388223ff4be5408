// The free preview, as a visitor meets it, and how far its picture and its voice are apart.

import { expect, type Locator, type Page } from '@playwright/test';

/** What is promised. */
const TOGETHER_MS = 50;
/** How many frames in a row are looked at. */
const FRAMES = 40;
/** A machine that has other things to do takes some frames with it; a clock that is off takes them all. */
const MOST_STRAY_FRAMES = FRAMES / 4;
/** How long so many frames may take, and how long it may take until they are together: far more than either needs, for a
 *  machine that has other things to do. */
const LOOK_MS = 20_000;
const LIMIT_MS = 120_000;
/** From here on a voice might end while it is looked at. */
const LATE_S = 25;

export interface Clocks {
  readyState: number;
  src: string;
  atS: number;
  rate: number;
  isMuted: boolean;
  isPaused: boolean;
  hasEnded: boolean;
}

export class Preview {
  readonly root: Locator;
  readonly tag: Locator;
  readonly held: Locator;
  readonly silent: Locator;
  readonly play: Locator;
  readonly pause: Locator;
  readonly position: Locator;
  readonly speed: Locator;
  readonly hint: Locator;
  readonly trouble: Locator;

  constructor(readonly page: Page) {
    const stage = page.getByRole('region', { name: 'Stage' });
    this.root = stage.getByRole('group', { name: 'Preview' });
    this.tag = this.root.getByText(/^Preview: original picture, /);
    this.held = this.root.getByText('The last frame holds');
    this.silent = this.root.getByText('The sound is off');
    this.play = this.root.getByRole('button', { name: 'Play the preview' });
    this.pause = this.root.getByRole('button', { name: 'Pause the preview' });
    this.position = this.root.getByRole('slider', { name: 'Position' });
    this.speed = this.root.getByRole('combobox', { name: 'Speed' });
    this.hint = stage.getByText(/^A free check before you spend anything/);
    this.trouble = stage.getByText(/so there is no preview\.$/);
  }

  /** Waits until picture and voice are there. */
  async expectReady(): Promise<void> {
    await expect(this.play).toBeEnabled();
    await expect.poll(async () => Math.min((await this.picture()).readyState, (await this.voice()).readyState)).toBeGreaterThanOrEqual(3);
  }

  picture = (): Promise<Clocks> => this.clocks('video');
  voice = (): Promise<Clocks> => this.clocks('audio');

  private async clocks(tag: string): Promise<Clocks> {
    return this.root.locator(tag).evaluate((media: HTMLMediaElement) => {
      const { readyState, currentSrc: src, currentTime: atS, playbackRate: rate, muted: isMuted, paused: isPaused, ended: hasEnded } = media;
      return { readyState, src, atS, rate, isMuted, isPaused, hasEnded };
    });
  }

  /** How far the picture is ahead of the voice, at this many frames one after another, while both move. */
  private async aheadMs(frames: number): Promise<number[]> {
    return this.root.evaluate(
      (root, { frames, limitMs }) =>
        new Promise<number[]>((resolve) => {
          const [picture, voice] = [root.querySelector('video'), root.querySelector('audio')];
          const endMs = performance.now() + limitMs;
          const found: number[] = [];
          let lastS = -1;
          const look = () => {
            const [pictureS, voiceS] = [picture?.currentTime ?? NaN, voice?.currentTime ?? NaN];
            // A voice that stands still tells nothing of their being together.
            if (voiceS !== lastS) found.push((pictureS - voiceS) * 1_000);
            lastS = voiceS;
            if (found.length < frames && performance.now() < endMs) requestAnimationFrame(look);
            else resolve(found);
          };
          requestAnimationFrame(look);
        }),
      { frames, limitMs: LOOK_MS },
    );
  }

  /** Expects both to come together, and then to stay together at every frame but few, moving at this speed. */
  async expectTogether(rate: number): Promise<void> {
    await expect(async () => {
      await this.rewind();
      const ahead = await this.aheadMs(FRAMES);
      expect(ahead.length, `frames while the voice moves: ${JSON.stringify(await this.voice())}`).toBe(FRAMES);
      expect(strays(ahead).length, `ahead by ${ahead.map(Math.round).join(' ')} ms`).toBeLessThanOrEqual(MOST_STRAY_FRAMES);
    }, `within ${TOGETHER_MS} ms at speed ${rate}`).toPass({ timeout: LIMIT_MS, intervals: [10] });
    expect((await this.voice()).rate).toBe(rate);
  }

  /** Goes back before it ends, and begins anew where it has. */
  private async rewind(): Promise<void> {
    const { atS, hasEnded } = await this.voice();
    if (atS < LATE_S && !hasEnded) return;
    await this.position.fill('1000');
    if (await this.play.isVisible()) await this.play.click();
  }

  /** Expects what is drawn to belong to what is heard then: the middle frame of many, as some are drawn late. */
  async expectDrawnTogether(): Promise<void> {
    await expect(async () => {
      await this.rewind();
      const drawn = (await this.drawnMs(25)).sort((one, other) => one - other);
      expect(Math.abs(drawn[12] ?? NaN), drawn.map(Math.round).join(' ')).toBeLessThanOrEqual(TOGETHER_MS);
    }, `what is drawn within ${TOGETHER_MS} ms`).toPass({ timeout: LIMIT_MS, intervals: [10] });
  }

  /** How far the frames that are drawn are from what is heard then, in ms. A frame is drawn from its own time on. */
  private async drawnMs(frames: number): Promise<number[]> {
    return this.root.evaluate(
      (root, { frames, limitMs }) =>
        new Promise<number[]>((resolve) => {
          const [picture, voice] = [root.querySelector('video'), root.querySelector('audio')];
          const found: number[] = [];
          setTimeout(() => resolve(found), limitMs);
          const look = (_: number, { mediaTime }: { mediaTime: number }) => {
            found.push((mediaTime - (voice?.currentTime ?? NaN)) * 1_000);
            if (found.length < frames) picture?.requestVideoFrameCallback(look);
            else resolve(found);
          };
          picture?.requestVideoFrameCallback(look);
        }),
      { frames, limitMs: LOOK_MS },
    );
  }
}

function strays(aheadMs: number[]): number[] {
  return aheadMs.filter((ms) => !(Math.abs(ms) <= TOGETHER_MS));
}
