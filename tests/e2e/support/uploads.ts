// What goes to the server of the visitor's files, as the page's own requests and the answers to them tell.

import { expect, type Page, type Request } from '@playwright/test';

const UPLOAD = '**/api/uploads/*';

const isOne = (request: Request) => new URL(request.url()).pathname.startsWith('/api/uploads');

/** Counts the requests of a method that go to uploads. */
export function counted(page: Page, method: string): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === method && isOne(request)) sent.push(request.url());
  });
  return sent;
}

/** Counts the most pieces that are on their way at the same time, in the page that is opened next. */
export async function countAtOnce(page: Page): Promise<() => Promise<number>> {
  // In the page itself: what is told of its requests from outside may come in another order.
  await page.addInitScript(() => {
    const [send, counts] = [window.fetch, { open: 0, most: 0 }];
    Reflect.set(window, 'pieces', counts);
    window.fetch = async (...asked) => {
      const isPiece = (asked[0] instanceof Request ? asked[0].method : asked[1]?.method) === 'PATCH';
      if (isPiece) counts.most = Math.max(counts.most, ++counts.open);
      try {
        return await send(...asked);
      } finally {
        if (isPiece) counts.open--;
      }
    };
  });
  return () => page.evaluate(() => (Reflect.get(window, 'pieces') as { most: number }).most);
}

/** Answers every piece as a server does whose disk is full; gives back how to make room. */
export async function fillDisk(page: Page): Promise<() => Promise<void>> {
  await page.route(UPLOAD, async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    const problem = { type: 'about:blank#storage_full', title: 'Storage full', status: 507, code: 'storage_full' };
    return route.fulfill({
      status: 507,
      contentType: 'application/problem+json',
      body: JSON.stringify({ ...problem, detail: "The server's disk is full. Try again later." }),
    });
  });
  return () => page.unroute(UPLOAD);
}

/** The bytes that each accepted piece began at, in the order of their answers. */
export function pieces(page: Page): number[] {
  const offsets: number[] = [];
  page.on('response', (response) => {
    const request = response.request();
    if (request.method() === 'PATCH' && isOne(request) && response.ok()) offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}

/** Lets the pieces of uploads through one by one, at most so many; gives back how to let all through. */
export async function hold(page: Page, pieces: number): Promise<() => Promise<void>> {
  let left = pieces;
  await page.route(UPLOAD, async (route) => {
    if (route.request().method() === 'PATCH' && left-- <= 0) return route.abort('connectionfailed');
    return route.continue();
  });
  return async () => {
    await page.unroute(UPLOAD);
    // Pauses grow; a browser that finds its network again ends them.
    await page.evaluate(() => dispatchEvent(new Event('online')));
  };
}

/** The uploads of a page that the server has whole. */
export class Arrivals {
  /** Of each that was begun: how many bytes it has, and of what kind it is. */
  private readonly begun = new Map<string, { bytes: string; metadata: string }>();
  private readonly whole = new Set<string>();

  /** Of everything that the page sends from now on. */
  constructor(page: Page) {
    page.on('response', (response) => {
      const [request, answer] = [response.request(), response.headers()];
      if (!isOne(request) || !response.ok()) return;
      if (request.method() === 'POST') {
        const asked = request.headers();
        const address = new URL(answer['location'] ?? '', response.url()).href;
        this.begun.set(address, { bytes: asked['upload-length'] ?? '', metadata: asked['upload-metadata'] ?? '' });
      }
      // Who asks how much there is may hear that it is all.
      const bytes = answer['upload-length'] ?? this.begun.get(response.url())?.bytes;
      if (bytes !== undefined && answer['upload-offset'] === bytes) this.whole.add(response.url());
    });
  }

  /** Waits until so many have. A cut one pauses before it goes on, up to a quarter of a minute. */
  async expect(count: number, timeout = 60_000): Promise<void> {
    await expect.poll(() => this.whole.size, { timeout, message: 'uploads that have arrived' }).toBe(count);
  }

  /** The address of the first of a kind. */
  of(kind: 'video' | 'audio' | 'image'): string {
    const wanted = `kind ${Buffer.from(kind).toString('base64')}`;
    const found = [...this.begun].find(([, { metadata }]) => metadata.split(',').includes(wanted));
    if (!found) throw new Error(`nothing of this kind was begun: ${kind}`);
    return found[0];
  }
}

/** Drags so many voices over the page, each a second of a tone; gives back how to drop them. */
export async function dragVoices(page: Page, count: number): Promise<() => Promise<void>> {
  const dataTransfer = await page.evaluateHandle((count) => {
    const transfer = new DataTransfer();
    // WAV: 8,000 samples of 8 bits.
    const head = new Uint32Array([0x46464952, 8_036, 0x45564157, 0x20746d66, 16, 0x00010001, 8_000, 8_000, 0x00080001, 0x61746164, 8_000]);
    const samples = Uint8Array.from({ length: 8_000 }, (_, nth) => 128 + 100 * Math.sin(nth / 4));
    for (let nth = 1; nth <= count; nth++) {
      transfer.items.add(new File([head, samples], `voice${nth}.wav`, { type: 'audio/wav', lastModified: 1 }));
    }
    return transfer;
  }, count);
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  return () => page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** Waits until the browser has kept a file for after a reload. */
export async function expectKept(page: Page, name: string): Promise<void> {
  const isKept = () =>
    page.evaluate(async (name) => {
      const kept = await (await caches.open('redub-files')).keys();
      return kept.some(({ url }) => url.includes('/draft/') && decodeURIComponent(url).endsWith(`-${name}`));
    }, name);
  await expect.poll(isKept, { message: `${name} is kept` }).toBe(true);
}
