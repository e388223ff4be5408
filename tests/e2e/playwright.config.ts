import { defineConfig } from '@playwright/test';

/** Pictures for people are taken on request: `cargo xtask screenshots`; figures as well: `cargo xtask bench events`. */
const takesPictures = Boolean(process.env.REDUB_SCREENSHOTS);
const takesFigures = Boolean(process.env.REDUB_FIGURES);

export default defineConfig({
  testDir: 'specs',
  // Playwright empties this folder; the report lies beside it.
  outputDir: 'test-results/artifacts',
  // Long, for machines that are slow or busy: no test waits for time to go by.
  timeout: takesPictures ? 600_000 : 400_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  grepInvert: takesPictures || takesFigures ? [] : [/@screenshots|@figures/],
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.REDUB_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
        // A microphone that beeps; whether the page may use it, each test says.
        '--use-fake-device-for-media-stream',
      ],
    },
  },
});
