// Only one thing sounds at a time, whatever is played where.

import { type Clips, makeClips } from '../support/clips.ts';
import { expect, test } from '../support/fixtures.ts';
import { Preview } from '../support/preview.ts';

let clips: Clips;
test.beforeAll(async () => {
  clips = await makeClips('speech.mp4', 'longer_es.mp3', 'shorter_de.wav');
});

test('who begins to play stops who was heard before, and the preview is no exception', async ({ studio, page }) => {
  const preview = new Preview(page);
  await studio.open();
  await studio.chooseVideo(clips.path('speech.mp4'));
  await studio.chooseVoices(clips.path('longer_es.mp3'), clips.path('shorter_de.wav'));
  await preview.expectReady();
  const player = (name: string) => ({
    play: studio.voicesCard.getByRole('button', { name: `Play ${name}` }),
    pause: studio.voicesCard.getByRole('button', { name: `Pause ${name}` }),
  });
  const [spanish, german] = [player('Español'), player('Deutsch')];
  const expectOneSound = () => expect.poll(() => page.evaluate(countSounds)).toBe(1);

  await spanish.play.click();
  await expect(spanish.pause).toBeVisible();
  await german.play.click();
  await expect(german.pause).toBeVisible();
  await expect(spanish.play).toBeVisible();
  await expectOneSound();

  await preview.play.click();
  await preview.expectTogether(1);
  await expect(german.play).toBeVisible();
  await expectOneSound();

  await spanish.play.click();
  await expect(preview.play).toBeVisible();
  await expect(spanish.pause).toBeVisible();
  expect((await preview.picture()).isPaused).toBe(true);
  await expectOneSound();

  // Silenced, the preview disturbs nobody and nobody disturbs it, until it is heard again.
  await preview.position.press('m');
  await preview.play.click();
  await preview.expectTogether(1);
  await expectOneSound();
  await preview.position.press('m');
  await expect(spanish.play).toBeVisible();
  await expectOneSound();
  await spanish.play.click();
  await expect(preview.play).toBeVisible();

  // Where it was stopped it goes on.
  await preview.play.click();
  await preview.expectTogether(1);
  await expect(spanish.play).toBeVisible();
  await expectOneSound();
});

/** How many elements of the page can be heard. */
function countSounds(): number {
  return [...document.querySelectorAll<HTMLMediaElement>('audio, video')].filter((media) => !media.paused && !media.muted).length;
}
