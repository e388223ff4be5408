// Every open page sees what is committed, over the stream of events or without it.

import type { Page } from '@playwright/test';

import { DubPage } from '../pages/dub.ts';
import { LibraryPage } from '../pages/library.ts';
import { StudioPage } from '../pages/studio.ts';
import { expect, test } from '../support/fixtures.ts';
import { breakableProxy } from '../support/proxy.ts';

const EVENTS = '**/api/events*';

/** From now on this page hears of dubs by the stream alone. */
async function keepFromAsking(page: Page): Promise<void> {
  await page.route('**/api/dubs/*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
}

test('what one page cancels another sees, and does not ask for it', async ({ studio, context }) => {
  await studio.dubSample('sim:slow=600');
  await studio.stage.expectGenerating('Español');
  const other = new DubPage(await context.newPage());
  const library = new LibraryPage(other.page);
  await library.open();
  await library.dubs.first().click();
  await other.stage.expectGenerating('Español');
  await keepFromAsking(other.page);
  await studio.stage.cancel.click();
  await expect(other.stage.heading('Español was cancelled')).toBeVisible();
  await expect(studio.stage.heading('Español was cancelled')).toBeVisible();
});

test('a dub that another page asks for stands in an open library', async ({ studio, context }) => {
  const library = new LibraryPage(await context.newPage());
  await library.open();
  await expect(library.empty).toBeVisible();
  await studio.dubSample('sim:slow=600');
  await expect(library.dubs).toHaveCount(1);
  await expect(library.dubs.first()).toContainText('Generating');
  await studio.stage.cancel.click();
  await expect(library.dubs.first()).toContainText('Cancelled');
});

test('where the stream is refused the page asks, and takes the stream once there is one', async ({ studio, page }) => {
  await page.route(EVENTS, (route) => route.abort());
  await studio.dubSample('calm');
  await studio.stage.expectDone();
  const opened = page.waitForResponse((response) => response.url().includes('/api/events') && response.ok(), { timeout: 120_000 });
  await page.unroute(EVENTS);
  await opened;
});

test('where the stream is kept back on the way the page asks, gives it up, and tries again', async ({ studio, page }) => {
  // Neither headers nor a body come through.
  await page.route(EVENTS, () => {});
  const givenUp = page.waitForEvent('requestfailed', { predicate: (request) => request.url().includes('/api/events'), timeout: 120_000 });
  await studio.dubSample('calm');
  await studio.stage.expectDone();
  await givenUp;
  await page.waitForRequest((request) => request.url().includes('/api/events'), { timeout: 120_000 });
});

test('a stream that was cut goes on where it was', async ({ page, context, redub }) => {
  const proxy = await breakableProxy(() => redub.url);
  const studio = new StudioPage(page);
  await page.goto(proxy.url);
  await studio.useSample();
  await studio.removeVoice('Deutsch');
  await studio.prompt.fill('sim:slow=600');
  const answered = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/api/dubs'));
  await studio.submit();
  const { id } = (await (await answered).json()) as { id: string };
  await studio.stage.expectGenerating('Español');
  await keepFromAsking(page);
  proxy.cut();
  // Nobody has told the page: it must come with what the stream has missed.
  const cancelled = await context.request.post(`${redub.url}/api/dubs/${id}/cancel`, { headers: { origin: redub.url } });
  expect(cancelled.status()).toBe(202);
  const resumed = page.waitForRequest(/\/api\/events\?since=\d+$/);
  proxy.mend();
  await resumed;
  await expect(studio.stage.heading('Español was cancelled')).toBeVisible();
  await expect(studio.connection).toBeHidden();
  proxy.stop();
});

test('a hidden page has no stream, and a page that is seen again goes on', async ({ studio, page }) => {
  const hide = (isHidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await studio.dubSample('calm');
  await studio.stage.expectDone();
  const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/events'));
  await hide(true);
  await closed;
  const opened = page.waitForRequest(/\/api\/events\?since=\d+$/);
  await hide(false);
  await opened;
});
