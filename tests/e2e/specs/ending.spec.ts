// How a visitor ends a dub: cancels it while it is on its way, deletes it once it is not.

import { DubPage } from '../pages/dub.ts';
import { LibraryPage } from '../pages/library.ts';
import { expect, test } from '../support/fixtures.ts';

test('a dub that is being made is cancelled, and what it may cost is told before and after', async ({ studio }) => {
  await studio.dubSample('sim:slow=600');
  await studio.stage.expectGenerating('Español');
  await expect(studio.stage.root).toContainText('what is made by then may be charged');
  await studio.stage.cancel.click();
  await expect(studio.stage.heading('Español was cancelled')).toBeVisible();
  await expect(studio.stage.root).toContainText(/It cost|charged/);
  await expect(studio.stage.editAgain).toBeVisible();
});

test('a wish to cancel whose answer is lost is told, and can be pressed again', async ({ studio, page }) => {
  await studio.dubSample('sim:slow=600');
  await studio.stage.expectGenerating('Español');
  await page.route('**/cancel', (route) => route.abort());
  await studio.stage.cancel.click();
  await expect(studio.stage.root).toContainText('The connection was lost. Press again.');
  await page.unroute('**/cancel');
  await studio.stage.cancel.click();
  await expect(studio.stage.heading('Español was cancelled')).toBeVisible();
});

test('a deleted dub can be brought back for a while, and is then gone everywhere', async ({ studio, page, context }) => {
  await studio.dubSample('sim:error');
  await expect(studio.stage.tryAgain).toBeVisible();
  const library = new LibraryPage(await context.newPage());
  await library.open();
  await expect(library.dubs).toHaveCount(1);

  await studio.stage.delete.click();
  await expect(studio.stage.root.getByText('Español was deleted.', { exact: true })).toBeVisible();
  await expect(studio.stage.undo).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(studio.stage.heading('Español could not be dubbed')).toBeVisible();
  await expect(studio.stage.delete).toBeFocused();
  await expect(library.dubs).toHaveCount(1);

  const deleted = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await page.keyboard.press('Enter');
  expect((await deleted).status()).toBe(204);
  await expect(studio.submitButton).toHaveText('Dub 1 track');
  await expect(library.empty).toBeVisible();
});

test('what was deleted is gone when the page is left before the time to undo is over', async ({ studio, page }) => {
  await studio.dubSample('sim:error');
  await expect(studio.stage.tryAgain).toBeVisible();
  await studio.stage.delete.click();
  await expect(studio.stage.undo).toBeVisible();
  const library = new LibraryPage(page);
  await expect(async () => {
    await library.open();
    await expect(library.empty).toBeVisible({ timeout: 2_000 });
  }).toPass();
});

test('dubs are cancelled and deleted in the library', async ({ studio, library, page }) => {
  await studio.dubSample('sim:slow=600');
  await studio.stage.expectGenerating('Español');
  await library.visit();
  await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
  await expect(library.dubs.first()).toContainText('Cancelled');
  await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Español was deleted.', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(library.dubs).toHaveCount(1);
  const deleted = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
  await deleted;
  await expect(library.empty).toBeVisible();
});

test('a dub that is deleted elsewhere says that it is not here', async ({ studio, library, context }) => {
  await studio.dubSample('sim:error');
  await expect(studio.stage.tryAgain).toBeVisible();
  await library.visit();
  await library.dubs.first().click();
  const page = new DubPage(studio.page);
  const other = new LibraryPage(await context.newPage());
  await other.open();
  await other.page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
  await expect(page.absent).toBeVisible();
});

/** What the server says where it cannot do its work. */
const BROKEN = { type: 'about:blank#internal', title: 'Internal error', status: 500, detail: 'Something went wrong here.', code: 'internal', request_id: '' };

test('a deletion that was sent cannot be undone, and while no answer comes that is told', async ({ studio, page }) => {
  await studio.dubSample('sim:error');
  await expect(studio.stage.tryAgain).toBeVisible();
  let lose = (): void => {};
  const isLost = new Promise<void>((resolve) => (lose = resolve));
  await page.route('**/api/dubs/*', async (route) => {
    if (route.request().method() !== 'DELETE') return route.continue();
    await isLost;
    await route.abort();
  });
  await studio.stage.delete.click();
  await expect(studio.stage.undo).toBeFocused();
  await expect(studio.stage.root.getByText('Español is being deleted.')).toBeVisible({ timeout: 30_000 });
  await expect(studio.stage.undo).toHaveCount(0);
  await expect(studio.submitButton).toBeFocused();
  lose();
  await expect(studio.stage.root.getByText('The server does not answer. Español may still be there.')).toBeVisible({ timeout: 30_000 });
  await expect(studio.stage.undo).toHaveCount(0);
  await page.unroute('**/api/dubs/*');
  await expect(studio.submitButton).toHaveText('Dub 1 track', { timeout: 30_000 });
});

test('a deletion that the server refuses is told at the dub, which can be deleted again', async ({ studio, library, page }) => {
  await studio.dubSample('sim:error');
  await expect(studio.stage.tryAgain).toBeVisible();
  await page.route('**/api/dubs/*', (route) =>
    route.request().method() === 'DELETE' ? route.fulfill({ status: 500, contentType: 'application/problem+json', json: BROKEN }) : route.continue(),
  );
  await studio.stage.delete.click();
  await expect(studio.stage.root.getByRole('alert')).toHaveText('It was not deleted. Something went wrong here.', { timeout: 30_000 });
  await library.visit();
  await expect(library.rows.getByRole('alert')).toHaveText('It was not deleted. Something went wrong here.');
  await page.unroute('**/api/dubs/*');
  await library.rows.getByRole('button', { name: 'Delete' }).click();
  await expect(library.empty).toBeVisible({ timeout: 30_000 });
});

test('when a deletion cannot be undone any more, the focus goes on to the next dub', async ({ studio, library, page }) => {
  await studio.sendSample('sim:error both');
  await expect(studio.stage.tryAgain).toBeVisible();
  await library.visit();
  await expect(library.rows).toHaveCount(2);
  await library.rows.first().getByRole('button', { name: /^Delete .*Deutsch/ }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await expect(library.rows).toHaveCount(1, { timeout: 30_000 });
  await expect(library.dubs.first()).toBeFocused();
});

test('in the library, what cancelling may cost is told before, and nothing of it stays once it is over', async ({ studio, library, page }) => {
  await studio.dubSample('sim:slow=600');
  await studio.stage.expectGenerating('Español');
  await library.visit();
  await expect(library.rows).toContainText('what is made by then may be charged');
  await page.route('**/cancel', (route) => route.abort());
  const cancel = library.rows.getByRole('button', { name: /^Cancel .*Español$/ });
  await cancel.click();
  await expect(library.rows).toContainText('The connection was lost. Press again.');
  await page.unroute('**/cancel');
  await cancel.click();
  await expect(library.rows).toContainText('Cancelled');
  await expect(library.rows).not.toContainText(/Press again|charged/);
});

test('a dub of unknown fate is cancelled by its owner, and what it may cost is told before and after', async ({ studio }) => {
  await studio.dubSample('sim:drop-after-accept sim:unlisted to be cancelled');
  await expect(studio.stage.tryAgainAtRisk).toBeVisible();
  await expect(studio.stage.root).toContainText('what is made by then may be charged');
  await studio.stage.cancel.click();
  await expect(studio.stage.heading('Español was cancelled')).toBeVisible();
  await expect(studio.stage.root).toContainText(/It cost|charged/);
});

test('the track of a dub that is deleted elsewhere is there to be dubbed again', async ({ studio, context }) => {
  await studio.dubSample('sim:error');
  await expect(studio.stage.tryAgain).toBeVisible();
  await expect(studio.submitButton).toHaveText('Dub sent');
  const other = new LibraryPage(await context.newPage());
  await other.open();
  await other.rows.getByRole('button', { name: 'Delete' }).click();
  await expect(studio.submitButton).toHaveText('Dub 1 track', { timeout: 30_000 });
});
