import { defineConfig } from '@playwright/test';
import { browser } from './scripts/browser.mjs';

const chromium = await browser();

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // Each has a server, a PostgreSQL and a browser of its own.
  workers: 2,
  // A test that fails now and then has found something.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Watching each step costs more than the step: for looking into a failure, by hand.
    trace: process.env.PARLEY_TRACE === 'on' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium.executablePath,
      args: chromium.args,
      env: { ...process.env, ...chromium.env },
    },
  },
});
