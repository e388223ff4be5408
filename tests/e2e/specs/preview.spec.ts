// The free preview: the picture with the chosen voice, on one clock, before anything is paid.

import { expectNoFindings } from '../support/axe.ts';
import { type Clips, makeClips } from '../support/clips.ts';
import { expect, test } from '../support/fixtures.ts';
import { type MediaHost, startMediaHost } from '../support/media.ts';
import { Preview } from '../support/preview.ts';
import { creates } from '../support/simulator.ts';

let clips: Clips;
let host: MediaHost;
test.beforeAll(async () => {
  [clips, host] = await Promise.all([makeClips('speech.mp4', 'longer_es.mp3', 'shorter_de.wav', 'upright.mp4'), startMediaHost()]);
});
test.afterAll(() => host.stop());

test('picture and voice are within 50 ms of each other, at every speed, after every jump, and when one was pushed away', async ({
  studio,
  page,
}) => {
  test.slow();
  const preview = new Preview(page);
  await studio.open();
  await studio.chooseVideo(clips.path('speech.mp4'));
  await studio.chooseVoices(clips.path('longer_es.mp3'));
  await preview.expectReady();
  expect([(await preview.picture()).isMuted, (await preview.voice()).isMuted]).toEqual([true, false]);
  await preview.play.click();
  await preview.expectTogether(1);

  for (const rate of [0.5, 1.5, 2, 1]) {
    await preview.speed.selectOption(`${rate}×`);
    // Forwards and back, while it plays.
    for (const toMs of [20_000, 1_000]) {
      await preview.position.fill(String(toMs));
      await preview.expectTogether(rate);
    }
  }

  // What a stall of the network or of the machine does to a picture.
  for (const byS of [0.15, -0.15, 3]) {
    await preview.position.fill('1000');
    await preview.expectTogether(1);
    await preview.root.locator('video').evaluate((video: HTMLVideoElement, byS) => (video.currentTime += byS), byS);
    await preview.expectTogether(1);
  }
  await preview.position.fill('1000');
  await preview.expectTogether(1);
  await preview.expectDrawnTogether();

  await preview.pause.click();
  const [picture, voice] = [await preview.picture(), await preview.voice()];
  expect([picture.isPaused, voice.isPaused]).toEqual([true, true]);
  expect(Math.abs(picture.atS - voice.atS)).toBeLessThanOrEqual(0.05);
});

test('the last frame holds until a longer voice ends, and then it begins again from the start', async ({ studio, page }) => {
  const preview = new Preview(page);
  await studio.open();
  await studio.chooseVideo(clips.path('speech.mp4'));
  await studio.chooseVoices(clips.path('longer_es.mp3'));
  await preview.expectReady();
  await expect(preview.position).toHaveAttribute('aria-valuetext', '0:00 of 1:03');
  await preview.play.click();
  await preview.position.fill('59500');
  await expect(preview.held).toBeVisible();
  await expect(preview.pause).toBeVisible();
  await expect.poll(async () => (await preview.voice()).atS).toBeGreaterThan(61);
  expect((await preview.picture()).atS).toBeGreaterThan(59.9);
  await expect(preview.play).toBeVisible();
  await expect(preview.position).toHaveAttribute('aria-valuetext', '1:03 of 1:03');
  await preview.play.click();
  await expect(preview.held).toBeHidden();
  await preview.expectTogether(1);
  expect((await preview.voice()).atS).toBeLessThan(59);
});

test('another tab is another voice over the same picture, where the last one was', async ({ studio, page }) => {
  const preview = new Preview(page);
  await studio.open();
  await studio.chooseVideo(clips.path('speech.mp4'));
  await studio.chooseVoices(clips.path('longer_es.mp3'), clips.path('shorter_de.wav'));
  await preview.expectReady();
  await expect(preview.tag).toHaveText('Preview: original picture, Español voice');
  await expect(preview.hint).not.toContainText('ends with the voice');
  const [picture, voice] = [await preview.picture(), await preview.voice()];
  await preview.position.fill('2000');
  await studio.stage.tab('Deutsch').click();
  await expect(preview.tag).toHaveText('Preview: original picture, Deutsch voice');
  await expect(preview.position).toHaveAttribute('aria-valuetext', '0:02 of 0:40');
  await expect(preview.hint).toContainText('The dub ends with the voice.');
  expect((await preview.voice()).src).not.toBe(voice.src);
  expect((await preview.picture()).src).toBe(picture.src);
  await preview.play.click();
  await preview.expectTogether(1);

  // While it plays, the other takes over; without a voice there is only the picture.
  await preview.position.fill('2000');
  await studio.stage.tab('Español').click();
  await expect(preview.position).toHaveAttribute('aria-valuetext', /of 1:03$/);
  await preview.expectTogether(1);
  await studio.removeVoice('Deutsch');
  await expect(preview.pause).toBeVisible();
  await studio.removeVoice('Español');
  await expect(preview.root).toHaveCount(0);
  await expect(page.getByLabel('Original picture')).toBeVisible();
});

test('it is worked by keyboard alone', async ({ studio, page }) => {
  const preview = new Preview(page);
  await studio.open();
  await studio.chooseVideo(clips.path('speech.mp4'));
  await studio.chooseVoices(clips.path('longer_es.mp3'));
  await preview.expectReady();
  await preview.position.focus();
  const expectAt = (words: string) => expect(preview.position).toHaveAttribute('aria-valuetext', `${words} of 1:03`);
  await page.keyboard.press('ArrowRight');
  await expectAt('0:05');
  await page.keyboard.press('l');
  await expectAt('0:15');
  await page.keyboard.press('j');
  await expectAt('0:05');
  for (let press = 0; press < 2; press++) await page.keyboard.press('ArrowLeft');
  await expectAt('0:00');
  await page.keyboard.press('Space');
  await preview.expectTogether(1);
  await page.keyboard.press('m');
  await expect(preview.silent).toBeVisible();
  expect((await preview.voice()).isMuted).toBe(true);
  await page.keyboard.press('m');
  await expect(preview.silent).toBeHidden();
  expect((await preview.voice()).isMuted).toBe(false);
  await page.keyboard.press('k');
  await expect(preview.play).toBeVisible();
  await preview.play.press('Space');
  await expect(preview.pause).toBeVisible();
  await preview.speed.press('ArrowDown');
  await preview.expectTogether(1.25);
  // Who presses the picture goes on by keys; who types does not.
  await preview.root.locator('video').click();
  await expect(preview.play).toBeVisible();
  await page.keyboard.press('k');
  await expect(preview.pause).toBeVisible();
  await studio.prompt.fill('');
  await studio.prompt.pressSequentially('k k');
  await expect(studio.prompt).toHaveValue('k k');
  await expect(preview.pause).toBeVisible();
});

test('an upright picture is as tall with a voice as without one', async ({ studio, page }) => {
  const preview = new Preview(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await studio.open();
  await studio.chooseVideo(clips.path('upright.mp4'));
  await studio.chooseVoices(clips.path('shorter_de.wav'));
  await preview.expectReady();
  await expect.poll(async () => (await preview.root.locator('video').boundingBox())?.height).toBeCloseTo(0.72 * 844, 0);
});

test('links are previewed too, and what cannot be played is told', async ({ studio, page }) => {
  const preview = new Preview(page);
  await studio.open();
  await studio.addVideo(host.link('launch.mp4'));
  await studio.addVoice(host.link('launch_fr.mp3'));
  await preview.expectReady();
  await expect(preview.tag).toHaveText('Preview: original picture, Français voice');
  await preview.play.click();
  await expect(preview.held).toBeVisible();
  await expect(preview.play).toBeVisible();
  await studio.addVoice(host.link('gone_de.mp3'));
  await studio.stage.tab('Deutsch').click();
  await expect(preview.trouble).toHaveText("The voice's link cannot be played here, so there is no preview.");
  await expect(preview.play).toBeDisabled();
  await expectNoFindings(page, 'preview, of a voice that is gone');
  await studio.stage.tab('Français').click();
  await preview.expectReady();
  await expect(preview.trouble).toBeHidden();
});

test('it costs nothing, and goes with the draft', async ({ studio, page, redub }) => {
  const before = await creates(redub);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const preview = new Preview(page);
  await studio.open();
  await studio.useSample();
  await preview.expectReady();
  await expectNoFindings(page, 'preview, ready');
  await preview.play.click();
  await preview.expectTogether(1);
  await expectNoFindings(page, 'preview, playing');
  expect(asked.filter((request) => !request.startsWith('GET '))).toEqual([]);
  expect(await creates(redub)).toBe(before);

  // What was shown is let go of when the studio is left, and is there again when one comes back.
  const voice = await preview.root.locator('audio').elementHandle();
  await page.getByRole('navigation').getByRole('link', { name: 'Library' }).click();
  await expect(preview.root).toHaveCount(0);
  await expect.poll(async () => voice?.evaluate((audio) => (audio as HTMLAudioElement).networkState)).toBe(0);
  await page.goBack();
  await preview.expectReady();
});
