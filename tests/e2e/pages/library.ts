// The list of the visitor's dubs.

import type { Locator, Page } from '@playwright/test';

export class LibraryPage {
  readonly heading: Locator;
  readonly rows: Locator;
  readonly dubs: Locator;
  readonly empty: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole('heading', { name: 'Library', level: 1 });
    this.rows = page.getByRole('main').getByRole('listitem');
    this.dubs = this.rows.getByRole('link');
    this.empty = page.getByRole('heading', { name: 'No dubs yet' });
  }

  async open(): Promise<void> {
    await this.page.goto('/library');
  }

  /** By the link in the bar. */
  async visit(): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: 'Library' }).click();
  }
}
