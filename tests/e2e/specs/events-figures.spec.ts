// How long what is committed takes to every open page: `cargo xtask bench events`. No test: it only measures.

import type { BrowserContext, Page } from '@playwright/test';

import { LibraryPage } from '../pages/library.ts';
import { expect, test } from '../support/fixtures.ts';

/** Each has a context, and so connections, of its own: of the six to one server a stream holds one for as long as it lives. */
const PAGES = 3;
const DUBS = 20;
/** Whose pages these all are. */
const VISITOR = 'e'.repeat(32);
/** How soon a page should show it. */
const GOAL_MS = 250;
/** Who waits longer for anything has found a fault. */
const LIMIT_MS = 60_000;

/** What is committed: the moment of the dub that the server writes down with it, and the phase as the page shows it. */
const COMMITS = [
  { name: 'asked for', at: 'created_at', shows: '' },
  { name: 'taken by the provider', at: 'started_at', shows: 'processing' },
  { name: 'made', at: 'finished_at', shows: 'succeeded' },
] as const;

type Moments = Record<(typeof COMMITS)[number]['at'], string>;
/** When the page first showed a dub at all, and in which phase: in milliseconds since 1970, by `ID PHASE`. */
type Sights = Record<string, number>;

/** Has a page note when it shows what. Runs in the page, before anything of it. */
function noteSights(): void {
  const sights: Sights = {};
  Object.assign(window, { sights });
  new MutationObserver(() => {
    const now = Date.now();
    for (const row of document.querySelectorAll('main li')) {
      const id = row.querySelector('a')?.pathname.split('/').pop();
      const phase = row.querySelector<HTMLElement>('.pill')?.dataset['phase'];
      for (const shown of ['', phase]) sights[`${id} ${shown}`] ??= now;
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

async function openLibrary(context: BrowserContext, url: string): Promise<LibraryPage> {
  await context.addCookies([{ name: 'redub_visitor', value: VISITOR, url }]);
  await context.addInitScript(noteSights);
  const page: Page = await context.newPage();
  const stream = page.waitForResponse(/\/api\/events/, { timeout: LIMIT_MS });
  const library = new LibraryPage(page);
  await library.open();
  await expect(library.empty).toBeVisible({ timeout: LIMIT_MS });
  expect((await stream).status(), 'the stream').toBe(200);
  return library;
}

function tell(name: string, lags: number[]): void {
  const sorted = lags.toSorted((one, other) => one - other);
  const below = (share: number) => sorted[Math.ceil(sorted.length * share) - 1];
  const late = lags.filter((lag) => lag > GOAL_MS).length;
  console.log(`${name.padEnd(22)} median ${below(0.5)} ms, 95th percentile ${below(0.95)} ms, longest ${below(1)} ms; ${late} of ${lags.length} over ${GOAL_MS} ms`);
}

// What records the pages for who looks into a failure would slow them down.
test.use({ trace: 'off' });

test('how long a commit takes to every open page', { tag: '@figures' }, async ({ browser, redub }) => {
  const contexts = await Promise.all(Array.from({ length: PAGES }, () => browser.newContext({ baseURL: redub.url })));
  const libraries = await Promise.all(contexts.map((context) => openLibrary(context, redub.url)));
  // Asks beside the pages, on connections of its own.
  const { request } = contexts[0]!;
  const config = await request.get('/api/config', { timeout: LIMIT_MS });
  expect(config.status(), await config.text()).toBe(200);
  const { sample } = (await config.json()) as { sample: { video: string; voices: { audio: string }[] } };
  const data = { video: { url: sample.video }, audio: { url: sample.voices[0]!.audio }, label: 'figures' };
  const dubs: ({ id: string } & Moments)[] = [];
  for (let nth = 0; nth < DUBS; nth += 1) {
    const asked = await request.post('/api/dubs', { headers: { origin: redub.url }, data, timeout: LIMIT_MS });
    expect(asked.status(), await asked.text()).toBe(202);
    const { id } = (await asked.json()) as { id: string };
    for (const { page } of libraries) {
      const row = page.getByRole('main').getByRole('listitem').filter({ has: page.locator(`a[href$="${id}"]`) });
      await expect(row, `dub ${nth + 1} of ${DUBS}`).toContainText('Ready', { timeout: LIMIT_MS });
    }
    const made = await request.get(`/api/dubs/${id}`, { timeout: LIMIT_MS });
    expect(made.status(), await made.text()).toBe(200);
    dubs.push((await made.json()) as { id: string } & Moments);
  }
  const seen = await Promise.all(libraries.map(({ page }) => page.evaluate(() => (window as unknown as { sights: Sights }).sights)));
  console.log(`From the moment that the server writes down with a commit, and so before it, until each of ${PAGES} pages shows it:`);
  const all = COMMITS.map(({ name, at, shows }) => {
    const lags = seen.flatMap((sights) => dubs.map((dub) => (sights[`${dub.id} ${shows}`] ?? NaN) - Date.parse(dub[at])));
    expect(lags.filter(Number.isNaN), `a page never showed a dub that is ${name}`).toEqual([]);
    tell(name, lags);
    return lags;
  });
  tell('all of them', all.flat());
  await Promise.all(contexts.map((context) => context.close()));
});
