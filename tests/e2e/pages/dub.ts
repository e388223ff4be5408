// One dub on a page of its own.

import { type Locator, type Page } from '@playwright/test';

import { Stage } from './stage.ts';

export class DubPage {
  readonly stage: Stage;
  readonly absent: Locator;

  constructor(readonly page: Page) {
    this.stage = new Stage(page.getByRole('main'));
    this.absent = page.getByRole('heading', { name: 'This dub is not here' });
  }

  async open(id: string): Promise<void> {
    await this.page.goto(`/dubs/${id}`);
  }
}
