// The studio, in the visitor's words.

import { expect, type Locator, type Page } from '@playwright/test';

import { Stage } from './stage.ts';

export class StudioPage {
  readonly stage: Stage;
  readonly videoLink: Locator;
  readonly voiceLink: Locator;
  readonly voices: Locator;
  readonly prompt: Locator;
  readonly seedNumber: Locator;
  readonly maskLink: Locator;
  /** Where a mask is painted. */
  readonly easel: Locator;
  /** What is left of it when it was saved. */
  readonly maskFile: Locator;
  readonly submitButton: Locator;
  readonly connection: Locator;
  readonly videoCard: Locator;
  readonly voicesCard: Locator;
  readonly uploads: Locator;

  constructor(readonly page: Page) {
    this.stage = new Stage(page.getByRole('region', { name: 'Stage' }));
    this.videoLink = page.getByRole('textbox', { name: 'Video link' });
    this.voiceLink = page.getByRole('textbox', { name: 'Voice link' });
    this.voices = page.getByRole('region', { name: 'Voice tracks' }).getByRole('listitem');
    this.prompt = page.getByRole('textbox', { name: 'Prompt' });
    this.seedNumber = page.getByRole('textbox', { name: 'Seed number' });
    this.maskLink = page.getByRole('textbox', { name: 'Mask link' });
    this.easel = page.getByRole('dialog', { name: 'Paint the speaker' });
    this.maskFile = page.getByText('Mask.png', { exact: true });
    this.submitButton = page.getByRole('button', { name: /^Dub / });
    this.videoCard = page.getByRole('region', { name: 'Video' });
    this.voicesCard = page.getByRole('region', { name: 'Voice tracks' });
    this.uploads = page.getByRole('progressbar', { name: /^Upload of / });
    this.connection = page.getByRole('status').filter({ hasText: 'Connection lost' });
  }

  async open(): Promise<void> {
    await this.page.goto('/');
    await expect(this.submitButton).toBeVisible();
  }

  async useSample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Use the sample' }).click();
    await expect(this.voices).toHaveCount(2);
  }

  async addVideo(link: string): Promise<void> {
    await this.videoLink.fill(link);
    await this.videoLink.press('Enter');
  }

  async addVoice(link: string): Promise<void> {
    await this.voiceLink.fill(link);
    await this.voiceLink.press('Enter');
  }

  /** From the visitor's disk. */
  async chooseVideo(path: string): Promise<void> {
    await this.videoCard.getByLabel('Choose a video').setInputFiles(path);
  }

  async chooseVoices(...paths: string[]): Promise<void> {
    await this.voicesCard.getByLabel('Choose voices').setInputFiles(paths);
  }

  /** Paints a stroke over the video's first frame, and saves it as the mask. */
  async paintMask(): Promise<void> {
    await this.choose('Who speaks', 'Paint the speaker');
    await this.page.getByRole('button', { name: 'Paint', exact: true }).click();
    await expect(this.easel).toBeVisible();
    const box = await this.easel.getByRole('application').boundingBox();
    if (!box) throw new Error('not to be seen');
    await this.page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 6 });
    await this.page.mouse.up();
    await this.easel.getByRole('button', { name: 'Save mask' }).click();
    await expect(this.easel).toBeHidden();
    await expect(this.maskFile).toBeVisible();
  }

  async removeVoice(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Remove ${name}` }).click();
  }

  /** Picks `option` in the group `name`. */
  async choose(name: string, option: string): Promise<void> {
    await this.page.getByRole('radiogroup', { name }).getByRole('radio', { name: option }).check();
  }

  async submit(): Promise<void> {
    await this.submitButton.click();
  }

  /** One voice of the sample, sent with this prompt. */
  async dubSample(prompt: string): Promise<void> {
    await this.open();
    await this.useSample();
    await this.removeVoice('Deutsch');
    await this.prompt.fill(prompt);
    await this.submit();
    await this.stage.expectSent('Español');
  }

  /** Both voices of the sample, sent with this prompt as one batch. */
  async sendSample(prompt: string): Promise<void> {
    await this.open();
    await this.useSample();
    await this.prompt.fill(prompt);
    await this.submit();
  }

  /** Has the server take every order at `path`, while this page never hears of it. */
  async loseAnswers(path: string): Promise<void> {
    await this.page.route(path, async (route) => {
      if (route.request().method() === 'POST') await route.fetch();
      await route.abort();
    });
  }

  /** What stands over the button once an answer was lost. */
  async expectLost(): Promise<void> {
    await expect(this.page.getByText('The connection was lost. Press the button again')).toBeVisible();
  }

  /** The same once more, with another prompt: a dub of its own. */
  async dubAgainWith(prompt: string): Promise<void> {
    await this.stage.editAgain.click();
    await this.prompt.fill(prompt);
    await this.submit();
  }
}

/** Expects `field` to be marked as wrong and described by `text`. */
export async function expectWrong(field: Locator, text: RegExp): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(text);
}
