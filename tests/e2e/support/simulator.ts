// What the provider's stand-in knows, by its journal: it only grows, and holds what its own list leaves out.

import { readFile } from 'node:fs/promises';

import type { Redub } from './redub.ts';

interface Order {
  input: { video: string; prompt?: string };
}

/** How many paid orders it has taken. */
export async function creates(redub: Redub): Promise<number> {
  return (await orders(redub)).length;
}

/** How many paid orders with this prompt it has taken, from any test so far: the prompt has to be this test's alone. */
export async function createsWithPrompt(redub: Redub, prompt: string): Promise<number> {
  return (await orders(redub)).filter(({ input }) => input.prompt === prompt).length;
}

/** The video's address in the one paid order with this prompt. */
export async function videoOfPrompt(redub: Redub, prompt: string): Promise<string> {
  const [order, ...others] = (await orders(redub)).filter(({ input }) => input.prompt === prompt);
  if (!order || others.length > 0) throw new Error(`not one order: ${prompt}`);
  return order.input.video;
}

async function orders(redub: Redub): Promise<Order[]> {
  const lines = (await readFile(redub.journal, 'utf8')).split('\n');
  // The last is empty, or still being written.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Order);
}
