// What the server says that it does not offer, the page does not offer either.

import { expect, test } from '../support/fixtures.ts';

test('of a server with the basics alone the page asks for no more', async ({ studio, library, page }) => {
  await page.route('**/api/config', async (route) => {
    const response = await route.fetch();
    const config = (await response.json()) as Record<string, unknown>;
    await route.fulfill({ response, json: { ...config, features: {} } });
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await studio.open();
  await studio.useSample();
  await expect(studio.videoCard.getByLabel('Choose a video')).toHaveCount(0);
  await studio.prompt.fill('sim:slow=600 one after another');
  await studio.submit();
  for (const name of ['Español', 'Deutsch']) await studio.stage.expectSent(name);
  await studio.stage.expectGenerating('Español');
  await expect(studio.stage.cancel).toHaveCount(0);
  await library.visit();
  await expect(library.rows).toHaveCount(2);
  await expect(library.rows.getByRole('button')).toHaveCount(0);
  const orders = asked.filter((one) => one.startsWith('POST'));
  expect(orders).toEqual(['POST /api/dubs', 'POST /api/dubs']);
  expect(asked).not.toContain('GET /api/events');
});
