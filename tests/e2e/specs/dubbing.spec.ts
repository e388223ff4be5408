// The main job: a video and a voice go in, and a video that plays comes out.

import { durationS, type MediaHost, startMediaHost } from '../support/media.ts';
import { expect, test } from '../support/fixtures.ts';
import { play } from '../support/playback.ts';
import { KEY } from '../support/redub.ts';

let media: MediaHost;
test.beforeAll(async () => {
  media = await startMediaHost();
});
test.afterAll(async () => media.stop());

test('the sample is dubbed in both languages, and each dub plays', async ({ studio, page, redub }) => {
  await studio.open();
  await studio.useSample();
  await expect(studio.submitButton).toHaveText('Dub 2 tracks');
  await expect(studio.submitButton).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: '2 dubs' })).toBeVisible();
  // Long enough to be seen while it is generated.
  await studio.prompt.fill('sim:slow=15');
  await studio.submit();

  await studio.stage.expectGenerating('Español');
  for (const [name, voice] of [['Español', 'greeting_es.mp3'], ['Deutsch', 'greeting_de.mp3']] as const) {
    await studio.stage.tab(name).click();
    await expect(studio.stage.tab(name)).toHaveAttribute('aria-selected', 'true');
    await studio.stage.expectDone();
    await expect(studio.stage.result).toHaveAccessibleName(`Dub: ${name}`);
    const playback = await play(studio.stage.result);
    expect(playback.readyState).toBeGreaterThanOrEqual(3);
    expect([playback.width, playback.height]).toEqual([1280, 704]);
    const voiceS = await durationS(`${redub.simulatorUrl}/sample/${voice}`);
    expect(Math.abs(playback.durationS - voiceS)).toBeLessThanOrEqual(0.2);
    expect(playback.audioTracks).toBe(1);
    expect(playback.decodedAudioBytes).toBeGreaterThan(0);
  }
  await expect(page).toHaveTitle(/^Ready: presenter · Deutsch/);
  expect(redub.log()).not.toContain(KEY);
});

test("a visitor's own video and mp3 are dubbed, and the last frame holds until the voice ends", async ({ studio }) => {
  await studio.open();
  await studio.addVideo(media.link('launch.mp4'));
  await expect(studio.page.getByText('launch.mp4')).toBeVisible();
  await studio.addVoice(media.link('launch_fr.mp3'));
  await expect(studio.voices.getByRole('textbox', { name: 'Language' })).toHaveValue('Français');
  await expect(studio.voices).toContainText('2 s longer than the video');
  await studio.choose('Resolution', '480p');
  await studio.submit();

  await studio.stage.expectDone();
  const playback = await play(studio.stage.result);
  expect([playback.width, playback.height]).toEqual([896, 448]);
  expect(Math.abs(playback.durationS - (await durationS(media.link('launch_fr.mp3'))))).toBeLessThanOrEqual(0.2);
  expect(playback.audioTracks).toBe(1);
});

test('a finished dub is downloaded whole, linked to, and dubbed again from its own settings', async ({ studio, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await studio.open();
  await studio.useSample();
  await studio.removeVoice('Deutsch');
  await studio.choose('Seed', 'Fixed');
  await studio.seedNumber.fill('4711');
  await studio.submit();
  await studio.stage.expectDone();

  await expect(studio.stage.root.getByRole('definition').filter({ hasText: 'Nothing (sandbox)' })).toBeVisible();
  await expect(studio.stage.root).not.toContainText('$');

  const downloading = page.waitForEvent('download');
  await studio.stage.download.click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^\S+ - Español\.mp4$/);
  const played = await play(studio.stage.result);
  expect(await durationS(await download.path())).toBeCloseTo(played.durationS, 1);

  // It says so for two seconds only: looked for at every frame, and from before it is pressed.
  const said = page.waitForFunction(() => [...document.querySelectorAll('button')].some((button) => button.textContent?.startsWith('Copied. It opens in this browser only')));
  await studio.stage.copyLink.click();
  await said;
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).pathname).toMatch(/^\/dubs\/.+/);

  await studio.stage.editAgain.click();
  await expect(studio.seedNumber).toHaveValue('4711');
  await expect(studio.submitButton).toHaveText('Dub 1 track');
});
