// Reloads, the back button, deep links, and whose dubs are whose.

import { expect, test } from '../support/fixtures.ts';
import { DubPage } from '../pages/dub.ts';
import { LibraryPage } from '../pages/library.ts';
import { StudioPage } from '../pages/studio.ts';

test('a reload mid-way loses nothing', async ({ studio, page }) => {
  await studio.dubSample('sim:slow=15');
  await studio.stage.expectGenerating('Español');
  await page.reload();
  await expect(studio.prompt).toHaveValue('sim:slow=15');
  await studio.stage.expectSent('Español');
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

test('the first frame is painted while the wasm is still on its way', async ({ page }) => {
  await page.route('**/*.wasm', () => {});
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Library' })).toBeVisible();
  const shell = page.locator('#shell');
  for (const heading of ['Video', 'Voice tracks', 'Settings']) {
    await expect(shell.locator('h2').filter({ hasText: heading })).toBeVisible();
  }
  const [cards, stage] = [await shell.locator('.compose').boundingBox(), await shell.locator('.stage').boundingBox()];
  expect(stage?.x ?? 0, 'two columns').toBeGreaterThan((cards?.x ?? 0) + (cards?.width ?? 0) - 1);
});

test('a browser without JavaScript is told what is missing', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: baseURL ?? '', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/');
  // Searching by text passes over what stands in a `<noscript>`.
  const words = page.locator('noscript p');
  await expect(words).toBeVisible();
  expect(await words.textContent()).toContain('Redub needs JavaScript');
  await context.close();
});

test('a replaced draft can be brought back', async ({ studio, page }) => {
  await studio.dubSample('calm');
  await studio.stage.expectDone();
  await studio.prompt.fill('not sent yet');
  await studio.stage.editAgain.click();
  await expect(studio.prompt).toHaveValue('calm');
  // The video is the same, and what is known of it stays.
  await expect(studio.videoCard).toContainText('640 × 360');
  await page.reload();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(studio.prompt).toHaveValue('not sent yet');
  await studio.stage.expectSent('Español');
});

test('a draft that was sent as it is is not offered back', async ({ studio, page }) => {
  await studio.dubSample('calm');
  await studio.stage.expectDone();
  await studio.stage.editAgain.click();
  await expect(studio.submitButton).toHaveText('Dub 1 track');
  await expect(page.getByText('Your earlier draft is kept.')).toHaveCount(0);
});

test('two tabs work on one draft', async ({ studio, context }) => {
  await studio.open();
  await studio.prompt.fill('from the first tab');
  const second = new StudioPage(await context.newPage());
  await second.open();
  await expect(second.prompt).toHaveValue('from the first tab');
  await second.prompt.fill('from the second');
  await expect(studio.prompt).toHaveValue('from the second');
});

test('the bar stays in view when the page changes', async ({ studio, library, page }) => {
  await studio.dubSample('calm');
  await library.visit();
  await page.getByRole('navigation').getByRole('link', { name: 'Studio' }).click();
  await expect(page.getByRole('main')).toBeFocused();
  await expect.poll(async () => (await page.getByRole('banner').boundingBox())?.y).toBe(0);
});
