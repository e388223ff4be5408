// The states of the dialogs, and of what they leave behind: the recorder and the mask.

import { expect, type Page } from '@playwright/test';

import type { Journey } from './states.ts';
import { expectRecorded } from './workbench.ts';

/** What the browser says when the page asks it for a microphone: nothing yet, that there is none, or the truth. */
async function answerForMicrophone(page: Page, answer: 'none yet' | 'no such thing' | 'as it is'): Promise<void> {
  await page.evaluate((answer) => {
    const devices = navigator.mediaDevices;
    const answers: Record<string, () => Promise<MediaStream>> = {
      'none yet': () => new Promise(() => {}),
      'no such thing': () => Promise.reject(new DOMException('', 'NotFoundError')),
    };
    Reflect.deleteProperty(devices, 'getUserMedia');
    const own = answers[answer];
    if (own) devices.getUserMedia = own;
  }, answer);
}

const recorder = (page: Page) => page.getByRole('dialog', { name: 'Record a voice' });
const easel = (page: Page) => page.getByRole('dialog', { name: 'Paint the speaker' });

export const DIALOG_JOURNEYS: Journey[] = [
  {
    name: 'the recorder',
    states: [
      {
        name: 'recorder-asking',
        reach: async ({ studio }) => {
          await studio.open();
          await answerForMicrophone(studio.page, 'none yet');
          await studio.voicesCard.getByRole('button', { name: 'Record' }).click();
          await expect(recorder(studio.page).getByRole('status')).toBeVisible();
        },
      },
      {
        name: 'recorder-refused',
        reach: async ({ studio }) => {
          await studio.page.keyboard.press('Escape');
          await answerForMicrophone(studio.page, 'as it is');
          await studio.voicesCard.getByRole('button', { name: 'Record' }).click();
          await expect(recorder(studio.page).getByRole('status')).toHaveText('The microphone was refused');
        },
      },
      {
        name: 'recorder-without-microphone',
        reach: async ({ studio }) => {
          await answerForMicrophone(studio.page, 'no such thing');
          await recorder(studio.page).getByRole('button', { name: 'Try again' }).click();
          await expect(recorder(studio.page).getByRole('status')).toHaveText('No microphone was found');
        },
      },
      {
        name: 'recorder-ready',
        reach: async ({ studio }) => {
          await answerForMicrophone(studio.page, 'as it is');
          await studio.page.context().grantPermissions(['microphone']);
          await recorder(studio.page).getByRole('button', { name: 'Try again' }).click();
          await expect(recorder(studio.page).getByRole('option').first()).toBeAttached();
        },
      },
      {
        name: 'recorder-recording',
        reach: async ({ studio }) => {
          await recorder(studio.page).getByRole('button', { name: 'Record' }).click();
          await expectRecorded(recorder(studio.page), 1);
        },
      },
      {
        name: 'recorder-listening',
        reach: async ({ studio }) => {
          await recorder(studio.page).getByRole('button', { name: 'Stop' }).click();
          await expect(recorder(studio.page).locator('.bars i')).not.toHaveCount(0);
          await recorder(studio.page).getByRole('button', { name: 'Listen' }).click();
          await expect(recorder(studio.page).getByText(/^\d+:\d\d \/ /)).toBeVisible();
        },
      },
      {
        name: 'voice-recorded',
        reach: async ({ studio }) => {
          await recorder(studio.page).getByRole('button', { name: 'Keep' }).click();
          await expect(studio.voices).toContainText('Recording.wav');
          await expect(studio.uploads).toHaveCount(0);
        },
      },
    ],
  },
  {
    name: 'the mask',
    states: [
      {
        name: 'mask-without-video',
        reach: async ({ studio }) => {
          await studio.open();
          await studio.choose('Who speaks', 'Paint the speaker');
          await studio.page.getByRole('button', { name: 'Paint', exact: true }).click();
          await expect(studio.page.getByText('Add a video first')).toBeVisible();
        },
      },
      {
        name: 'mask-empty',
        reach: async ({ studio, clips }) => {
          await studio.chooseVideo(clips.path('phone.mp4'));
          await expect(studio.videoCard).toContainText('640 × 360');
          await studio.page.getByRole('button', { name: 'Paint', exact: true }).click();
          await expect(easel(studio.page)).toBeVisible();
        },
      },
      {
        name: 'mask-refused',
        reach: async ({ studio }) => {
          await easel(studio.page).getByRole('button', { name: 'Save mask' }).click();
          await expect(easel(studio.page).getByRole('alert')).toHaveText(/^Nothing is painted yet/);
        },
      },
      {
        name: 'mask-painted',
        reach: async ({ studio }) => {
          const { page } = studio;
          const box = await easel(page).getByRole('application').boundingBox();
          if (!box) throw new Error('not to be seen');
          await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
          await page.mouse.down();
          await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 6 });
          await page.mouse.up();
          await expect(easel(page).getByRole('button', { name: 'Undo' })).toBeEnabled();
        },
      },
      {
        name: 'mask-file',
        reach: async ({ studio }) => {
          await easel(studio.page).getByRole('button', { name: 'Save mask' }).click();
          await expect(studio.page.getByText('Mask.png', { exact: true })).toBeVisible();
          await expect(studio.uploads).toHaveCount(0);
        },
      },
    ],
  },
];
