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

test('what was deleted just before the stream began is not shown as if it were there', async ({ studio, context, redub }) => {
  await studio.dubSample('sim:error');
  await expect(studio.stage.tryAgain).toBeVisible();
  const library = new LibraryPage(await context.newPage());
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  await library.page.route(EVENTS, async (route) => {
    await begun;
    await route.continue();
  });
  const began = library.page.waitForRequest(/\/api\/events/);
  await library.open();
  await expect(library.dubs).toHaveCount(1);
  await began;
  const { dubs } = (await (await context.request.get(`${redub.url}/api/dubs`)).json()) as { dubs: { id: string }[] };
  const deleted = await context.request.delete(`${redub.url}/api/dubs/${dubs[0]?.id}`, { headers: { origin: redub.url } });
  expect(deleted.status()).toBe(204);
  begin();
  await expect(library.empty).toBeVisible();
});

test('who stands at a dub in the library stays there when another one comes', async ({ studio, context }) => {
  await studio.dubSample('sim:slow=600');
  await studio.stage.expectGenerating('Español');
  const library = new LibraryPage(await context.newPage());
  await library.open();
  const cancel = library.rows.getByRole('button');
  await cancel.focus();
  await studio.prompt.fill('sim:slow=600 another');
  await studio.submit();
  await expect(library.rows).toHaveCount(2);
  await expect(library.rows.last().getByRole('button')).toBeFocused();
});

test('six windows do not keep each other from asking, and each sees what one of them does', async ({ studio, context }) => {
  await studio.dubSample('sim:slow=600');
  await studio.stage.expectGenerating('Español');
  const { dubs } = (await (await context.request.get(new URL('/api/dubs', studio.page.url()).href)).json()) as { dubs: { id: string }[] };
  const windows = [];
  for (let nth = 0; nth < 5; nth++) {
    const other = new DubPage(await context.newPage());
    await other.open(dubs[0]?.id ?? '');
    await other.stage.expectGenerating('Español');
    windows.push(other);
  }
  await windows[4]?.stage.cancel.click();
  for (const { stage } of [studio, ...windows]) await expect(stage.heading('Español was cancelled')).toBeVisible();
});
