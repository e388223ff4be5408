// Several voices are one order: all of them are taken, or none, and once.

import type { Page } from '@playwright/test';

import { expectWrong } from '../pages/studio.ts';
import { expect, test } from '../support/fixtures.ts';
import { createsWithPrompt } from '../support/simulator.ts';

const BATCHES = '**/api/batches';

function posts(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
  });
  return sent;
}

test('several voices are sent as one batch', async ({ studio, page }) => {
  const sent = posts(page);
  await studio.open();
  await studio.useSample();
  await studio.submit();
  await studio.stage.expectDone();
  await studio.stage.tab('Deutsch').click();
  await expect(studio.stage.result).toHaveAccessibleName('Dub: Deutsch', { timeout: 150_000 });
  expect(sent).toEqual(['/api/batches']);
  await expect(page.getByText('All sent', { exact: true })).toBeVisible();
});

test('a refused voice is told at its track, and none of the batch is made', async ({ studio, page }) => {
  await page.route(BATCHES, (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      json: {
        type: 'about:blank#invalid_input',
        title: 'Invalid input',
        status: 422,
        detail: 'Some fields cannot be used as they are.',
        code: 'invalid_input',
        request_id: '',
        errors: [{ field: 'tracks[1].audio', code: 'not_public', detail: 'Nobody can fetch this.' }],
      },
    }),
  );
  await studio.sendSample('refused at first');
  await expect(page.getByText('The dubs were not sent. Some fields cannot be used as they are.')).toBeVisible();
  await expectWrong(studio.voices.nth(1).getByRole('textbox', { name: 'Language' }), /Nobody can fetch this/);
  expect((await (await page.request.get('/api/dubs')).json()).dubs).toEqual([]);
  await page.unroute(BATCHES);
  await studio.submit();
  await expect(studio.stage.tab('Deutsch')).toBeVisible();
});

test('a batch whose answer was lost is made once, however often the button is pressed', async ({ studio, page, redub }) => {
  const prompt = 'the answer to both is lost';
  await studio.loseAnswers(BATCHES);
  await studio.sendSample(prompt);
  await studio.expectLost();
  await page.reload();
  await studio.submit();
  await studio.expectLost();
  await page.unroute(BATCHES);
  await studio.submit();
  await studio.stage.expectDone();
  await studio.stage.tab('Deutsch').click();
  await expect(studio.stage.result).toHaveAccessibleName('Dub: Deutsch', { timeout: 150_000 });
  expect(await createsWithPrompt(redub, prompt)).toBe(2);
});

test('a batch that was changed after its answer was lost is not made beside the first without a word', async ({ studio, page, redub }) => {
  const prompt = 'changed in between';
  await studio.loseAnswers(BATCHES);
  await studio.sendSample(prompt);
  await studio.expectLost();
  await page.unroute(BATCHES);
  await studio.removeVoice('Deutsch');
  await studio.submit();
  await expect(page.getByText('What was sent before has arrived and is in your library.')).toBeVisible();
  await expect.poll(() => createsWithPrompt(redub, prompt)).toBe(2);
});
