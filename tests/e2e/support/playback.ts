// Whether a video really plays, as its element tells.

import type { Locator } from '@playwright/test';

export interface Playback {
  readyState: number;
  durationS: number;
  width: number;
  height: number;
  audioTracks: number;
  decodedAudioBytes: number;
  /** How far it got. */
  playedS: number;
}

/** Plays until it is in full swing, and tells what the element knows then. */
export async function play(video: Locator): Promise<Playback> {
  return video.evaluate(async (element) => {
    // What Chromium adds to the standard, and the types do not know.
    interface Chromium {
      captureStream(): MediaStream;
      webkitAudioDecodedByteCount: number;
    }
    if (!(element instanceof HTMLVideoElement)) throw new Error('not a video');
    const chromium = element as HTMLVideoElement & Chromium;
    await element.play();
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('the video does not play')), 60_000);
      element.ontimeupdate = () => {
        if (element.currentTime > 0.5 && element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) {
          clearTimeout(limit);
          resolve();
        }
      };
    });
    const playback = {
      readyState: element.readyState,
      durationS: element.duration,
      width: element.videoWidth,
      height: element.videoHeight,
      audioTracks: chromium.captureStream().getAudioTracks().length,
      decodedAudioBytes: chromium.webkitAudioDecodedByteCount,
      playedS: element.currentTime,
    };
    element.pause();
    return playback;
  });
}
