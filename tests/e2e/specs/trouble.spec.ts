// What goes wrong, and how the page says so.

import type { Page } from '@playwright/test';

import { expectWrong } from '../pages/studio.ts';
import { expect, test } from '../support/fixtures.ts';
import { createsWithPrompt } from '../support/simulator.ts';

/** Counts the orders that leave the page. */
function orders(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url());
  });
  return sent;
}

test('a failure at the provider is told, and can be tried again', async ({ studio }) => {
  await studio.dubSample('sim:error sim:slow=10');
  await expect(studio.stage.heading('Español could not be dubbed')).toBeVisible();
  await expect(studio.stage.editAgain).toBeVisible();
  await studio.stage.tryAgain.click();
  await expect(studio.stage.heading(/^Español is /)).toBeVisible();
});

test('an order of unknown fate is shown as such, and is never sent again by itself', async ({ studio, redub }) => {
  const prompt = 'sim:drop-after-accept sim:unlisted only once';
  await studio.dubSample(prompt);
  await expect(studio.stage.heading('We do not know whether Español was started')).toBeVisible();
  await expect(studio.stage.tryAgainAtRisk).toBeVisible();
  await studio.page.reload();
  await expect(studio.stage.heading('We do not know whether Español was started')).toBeVisible();
  // By the time that another dub was made from end to end, a second create would have come.
  await studio.dubAgainWith('calm');
  await studio.stage.expectDone();
  expect(await createsWithPrompt(redub, prompt)).toBe(1);
});

test('an order whose answer was lost is made once, however often the button is pressed', async ({ studio, page, redub }) => {
  const prompt = 'the answer is lost';
  await studio.loseAnswers('**/api/dubs');
  await studio.open();
  await studio.useSample();
  await studio.removeVoice('Deutsch');
  await studio.prompt.fill(prompt);
  await studio.submit();
  await studio.expectLost();
  await page.reload();
  await studio.submit();
  await studio.expectLost();
  await page.unroute('**/api/dubs');
  await studio.submit();
  await studio.stage.expectDone();
  expect(await createsWithPrompt(redub, prompt)).toBe(1);
});

test('what is typed while an order is sent is for the next one', async ({ studio, page, redub }) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/batches', async (route) => {
    if (route.request().method() === 'POST') await released;
    await route.continue();
  });
  await studio.open();
  await studio.useSample();
  await studio.prompt.fill('as it was pressed');
  const first = page.waitForRequest((request) => request.method() === 'POST');
  await studio.submit();
  await first;
  await studio.prompt.fill('half a sent');
  release();
  await studio.stage.expectDone();
  await studio.stage.tab('Deutsch').click();
  await expect(studio.stage.result).toHaveAccessibleName('Dub: Deutsch', { timeout: 150_000 });
  expect(await createsWithPrompt(redub, 'as it was pressed')).toBe(2);
  expect(await createsWithPrompt(redub, 'half a sent')).toBe(0);
});

test('a second try lands where the first one was, whatever is looked at meanwhile', async ({ studio, page }) => {
  await studio.sendSample('sim:error sim:slow=10');
  await studio.stage.tab('Español').click();
  await expect(studio.stage.heading('Español could not be dubbed')).toBeVisible();
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await studio.stage.tryAgain.click();
  await studio.stage.tab('Deutsch').click();
  await answered;
  await expect(studio.stage.heading(/^Deutsch/)).toBeVisible();
  await studio.stage.tab('Español').click();
  // The second is on its way; the first is not.
  await expect(studio.stage.heading(/^Español is /)).toBeVisible();
});

test('an order of unknown fate is sent again when its owner accepts a second charge', async ({ studio, redub }) => {
  const prompt = 'sim:drop-after-accept sim:unlisted twice';
  await studio.dubSample(prompt);
  await studio.stage.tryAgainAtRisk.click();
  await expect.poll(() => createsWithPrompt(redub, prompt)).toBe(2);
});

test('a link that cannot be media is refused at its field, and nothing is sent', async ({ studio, page }) => {
  const sent = orders(page);
  await studio.open();
  for (const link of ['not a link', 'ftp://a.example/v.mp4', 'data:video/mp4;base64,AAAA', 'https://user@a.example/v.mp4', 'http://10.0.0.1/v.mp4']) {
    await studio.addVideo(link);
    await expectWrong(studio.videoLink, /./);
    await expect(studio.videoLink).toHaveValue(link);
  }
  await studio.addVoice('file:///etc/passwd');
  await expectWrong(studio.voiceLink, /./);
  await studio.submit();
  // The press has come to its end once the focus has gone to what is wrong.
  await expect(studio.videoLink).toBeFocused();
  expect(sent).toEqual([]);
});

test('an empty order takes the visitor to what is missing', async ({ studio, page }) => {
  const sent = orders(page);
  await studio.open();
  await studio.submit();
  await expectWrong(studio.videoLink, /./);
  await expectWrong(studio.voiceLink, /./);
  await expect(studio.videoLink).toBeFocused();
  expect(sent).toEqual([]);
});

test('the focus goes to the uppermost of what is wrong, and each is told aloud', async ({ studio }) => {
  await studio.open();
  await studio.addVoice('https://a.example/voice.mp3');
  await studio.addVideo('https://a.example/v.mp4');
  await studio.choose('Who speaks', 'Paint the speaker');
  await studio.choose('Seed', 'Fixed');
  await studio.seedNumber.fill('0');
  await studio.submit();
  await expect(studio.maskLink).toBeFocused();
  await expect(studio.page.getByRole('alert').filter({ hasText: 'Paint or add a mask' })).toBeVisible();
  await studio.voices.getByRole('textbox', { name: 'Language' }).fill('x'.repeat(300));
  await studio.submit();
  await expect(studio.voices.getByRole('textbox', { name: 'Language' })).toBeFocused();
});

test('settings out of range are refused at their fields, and nothing is sent', async ({ studio, page }) => {
  const sent = orders(page);
  await studio.open();
  await studio.useSample();
  await studio.choose('Seed', 'Fixed');
  await studio.choose('Who speaks', 'Paint the speaker');
  for (const seed of ['0', '2147483648', '1.5', 'x']) {
    await studio.seedNumber.fill(seed);
    await studio.submit();
    // The press has come to its end once the focus has gone on to something that is wrong.
    await expect(studio.submitButton).not.toBeFocused();
    await expectWrong(studio.seedNumber, /./);
  }
  await studio.maskLink.fill('mask.png');
  await studio.prompt.fill('a'.repeat(5_001));
  await studio.submit();
  await expect(studio.submitButton).not.toBeFocused();
  await expectWrong(studio.maskLink, /./);
  await expectWrong(studio.prompt, /5[,.]?000/);
  expect(sent).toEqual([]);

  // Corrected, it goes: a complaint does not outlive its cause.
  await studio.seedNumber.fill('7');
  await studio.prompt.fill('calm');
  await studio.choose('Who speaks', 'Automatic');
  await studio.submit();
  await studio.stage.expectSent('Español');
  expect(sent.length).toBeGreaterThan(0);
});

test('a lost network is told, and the dub is there once it is back', async ({ studio, context }) => {
  await studio.dubSample('sim:slow=15');
  await studio.stage.expectGenerating('Español');
  await context.setOffline(true);
  await expect(studio.connection).toBeVisible({ timeout: 30_000 });
  await context.setOffline(false);
  await expect(studio.connection).toBeHidden({ timeout: 40_000 });
  await studio.stage.expectDone();
});
