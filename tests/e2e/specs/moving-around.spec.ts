// Reloads, the back button, deep links, and whose dubs are whose.

import { expect, test } from '../support/fixtures.ts';
import { DubPage } from '../pages/dub.ts';
import { LibraryPage } from '../pages/library.ts';

test('a reload mid-way loses nothing', async ({ studio, page }) => {
  await studio.dubSample('sim:slow=5');
  await studio.stage.expectGenerating('Español');
  await page.reload();
  await expect(studio.prompt).toHaveValue('sim:slow=5');
  await expect(studio.stage.tab('Español')).toBeVisible();
  await studio.stage.expectDone();
});

test('the back button keeps the draft and the dub', async ({ studio, library, dub, page }) => {
  await studio.dubSample('calm');
  await library.visit();
  await expect(library.dubs).toHaveCount(1);
  await library.dubs.first().click();
  await expect(page).toHaveURL(/\/dubs\/.+/);
  await dub.stage.expectDone();

  await page.goBack();
  await expect(library.heading).toBeVisible();
  await page.goBack();
  await expect(studio.prompt).toHaveValue('calm');
  await studio.stage.expectDone();
  await page.goForward();
  await expect(library.dubs).toHaveCount(1);
});

test('every page can be linked to', async ({ page, studio, library, dub }) => {
  await library.open();
  await expect(library.empty).toBeVisible();
  await dub.open('of-nobody');
  await expect(dub.absent).toBeVisible();
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();

  await studio.dubSample('calm');
  await library.visit();
  const address = await library.dubs.first().getAttribute('href');
  await page.goto(address ?? '');
  await dub.stage.expectDone();
});

test('two visitors cannot see each other\'s dubs', async ({ studio, library, page, browser, baseURL }) => {
  await studio.dubSample('calm');
  await studio.stage.expectDone();
  const media = await studio.stage.result.getAttribute('src');
  await library.visit();
  const path = (await library.dubs.first().getAttribute('href')) ?? '';
  expect(path).toMatch(/^\/dubs\/.+/);

  const other = await browser.newContext({ baseURL: baseURL ?? '' });
  const stranger = await other.newPage();
  const [theirLibrary, theirDub] = [new LibraryPage(stranger), new DubPage(stranger)];
  await theirLibrary.open();
  await expect(theirLibrary.empty).toBeVisible();
  await stranger.goto(path);
  await expect(theirDub.absent).toBeVisible();
  for (const secret of [`/api${path}`, media ?? '']) {
    expect((await stranger.request.get(secret)).status(), secret).toBe(404);
    expect((await page.request.get(secret)).status(), secret).toBe(200);
  }
  expect((await (await stranger.request.get('/api/dubs')).json()).dubs).toEqual([]);
  await other.close();
});

test('the first frame is painted before any script has run', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: baseURL ?? '', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Library' })).toBeVisible();
  await expect(page.locator('noscript, main').first()).toBeAttached();
  await context.close();
});
