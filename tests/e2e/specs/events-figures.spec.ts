// How long it takes until every open page shows what was committed: `cargo xtask bench events`. No test: it only measures.

import type { Page } from '@playwright/test';

import { LibraryPage } from '../pages/library.ts';
import { expect, test } from '../support/fixtures.ts';

const PAGES = 5;
const DUBS = 40;

/** When a row of the open library says all of these words, in milliseconds since 1970. */
function seen(page: Page, words: string[]): Promise<number> {
  return page.evaluate(
    (words) =>
      new Promise<number>((resolve) => {
        const rows = () => [...document.querySelectorAll('main li')].map((row) => row.textContent ?? '');
        const isThere = () => rows().some((row) => words.every((word) => row.includes(word)));
        const observer = new MutationObserver(() => {
          if (!isThere()) return;
          observer.disconnect();
          resolve(Date.now());
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    words,
  );
}

function told(name: string, values: number[]): void {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  console.log(`${name}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, longest ${at(1)} ms, of ${sorted.length}`);
}

test('how long it takes from a request to every open page @figures', async ({ context, redub }) => {
  const pages: Page[] = [];
  for (let nth = 0; nth < PAGES; nth += 1) {
    const page = await context.newPage();
    const streams = page.waitForResponse((response) => response.url().includes('/api/events'));
    const library = new LibraryPage(page);
    await library.open();
    await expect(library.empty).toBeVisible();
    await streams;
    pages.push(page);
  }
  const headers = { origin: redub.url };
  const { sample } = (await (await context.request.get(`${redub.url}/api/config`)).json()) as { sample: { video: string; voices: { audio: string }[] } };
  const [made, cancelled]: [number[], number[]] = [[], []];
  for (let nth = 0; nth < DUBS; nth += 1) {
    const label = `voice-${nth}-of-${DUBS}`;
    // From before the request is sent: the commit is later than that.
    const measure = async (words: string[], into: number[], ask: () => Promise<unknown>) => {
      const all = pages.map((page) => seen(page, words));
      const since = Date.now();
      await ask();
      into.push(Math.max(...(await Promise.all(all))) - since);
    };
    let id = '';
    await measure([label], made, async () => {
      const data = { video: { url: sample.video }, audio: { url: sample.voices[0]?.audio }, label, prompt: 'sim:slow=600' };
      const answer = await context.request.post(`${redub.url}/api/dubs`, { headers, data });
      id = ((await answer.json()) as { id: string }).id;
    });
    await measure([label, 'Cancelled'], cancelled, () => context.request.post(`${redub.url}/api/dubs/${id}/cancel`, { headers }));
  }
  told(`a new dub in ${PAGES} pages`, made);
  told(`a cancelled dub in ${PAGES} pages`, cancelled);
});
