// What the provider's stand-in knows, by its own API.

import { KEY, type Redub } from './redub.ts';

/** How many paid orders with this prompt it has taken. */
export async function createsWithPrompt(redub: Redub, prompt: string): Promise<number> {
  const answer = await fetch(`${redub.simulatorUrl}/v1/executions?limit=100`, { headers: { 'X-API-Key': KEY } });
  const listed = JSON.stringify(await answer.json());
  return listed.split(JSON.stringify(prompt)).length - 1;
}
