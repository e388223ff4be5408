// The place where a dub is shown, in the studio and on a page of its own.

import { expect, type Locator } from '@playwright/test';

export class Stage {
  readonly steps: Locator;
  readonly currentStep: Locator;
  readonly result: Locator;
  readonly download: Locator;
  readonly copyLink: Locator;
  readonly editAgain: Locator;
  readonly tryAgain: Locator;
  readonly tryAgainAtRisk: Locator;
  readonly cancel: Locator;
  readonly delete: Locator;
  readonly undo: Locator;

  constructor(readonly root: Locator) {
    this.steps = root.getByRole('list').getByRole('listitem');
    this.currentStep = root.locator('[aria-current="step"]');
    this.result = root.getByLabel(/^Dub: /);
    this.download = root.getByRole('link', { name: 'Download' });
    this.copyLink = root.getByRole('button', { name: 'Copy link' });
    this.editAgain = root.getByRole('button', { name: 'Edit and dub again' });
    this.tryAgain = root.getByRole('button', { name: 'Try again', exact: true });
    this.tryAgainAtRisk = root.getByRole('button', { name: 'Try again, it may be charged twice' });
    this.cancel = root.getByRole('button', { name: 'Cancel' });
    this.delete = root.getByRole('button', { name: 'Delete' });
    this.undo = root.getByRole('button', { name: 'Undo' });
  }

  tab(name: string): Locator {
    return this.root.getByRole('tab', { name });
  }

  /** The tab of a voice that has become a dub. */
  async expectSent(name: string): Promise<void> {
    await expect(this.tab(name)).toHaveAttribute('data-phase', /./);
  }

  heading(name: string | RegExp): Locator {
    return this.root.getByRole('heading', { name });
  }

  async expectGenerating(name: string): Promise<void> {
    await expect(this.heading(`${name} is being generated`)).toBeVisible();
    await expect(this.steps).toHaveText([/^Queued/, /^Sent/, /^Generating/, /^Saving/]);
    await expect(this.currentStep).toHaveText(/^Generating/);
  }

  /** Waits for the finished dub. */
  async expectDone(): Promise<void> {
    await expect(this.result).toBeVisible({ timeout: 150_000 });
    await expect(this.download).toBeVisible();
    await expect(this.copyLink).toBeVisible();
    await expect(this.editAgain).toBeVisible();
  }
}
