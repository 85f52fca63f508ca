import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { browser } from './scripts/browser.mjs';

export default defineConfig(async () => {
  // Asked for here, and not only by the project that needs it: `vitest --project sdk` on a machine
  // without a browser should still run.
  const chromium = await browser().catch((fault: unknown) => {
    console.warn(`No browser, so only --project sdk can run. ${String(fault)}`);
    return null;
  });
  return {
    test: {
      projects: [
        {
          test: {
            name: 'sdk',
            environment: 'node',
            include: ['test/sdk/**/*.test.ts', 'src/lib/**/*.test.ts'],
            setupFiles: ['test/sdk/setup.ts'],
            // They wait for nothing but the processor, which may be busy with something else.
            testTimeout: 30_000,
          },
        },
        {
          plugins: [react()],
          // Named, for what is found only while tests run makes the page load anew under them.
          optimizeDeps: {
            include: [
              '@ariakit/react',
              '@tanstack/react-virtual',
              'fast-check',
              'idb',
              'linkify-it',
              'lucide-react',
              'react',
              'react-dom',
              'react-dom/client',
              'react/jsx-dev-runtime',
              'vitest-browser-react',
              'zustand',
              'zustand/vanilla',
            ],
          },
          test: {
            name: 'ui',
            include: ['test/ui/**/*.test.{ts,tsx}', 'test/browser/**/*.test.ts'],
            globalSetup: ['test/browser/server.ts'],
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({
                launchOptions: chromium
                  ? {
                      executablePath: chromium.executablePath,
                      args: chromium.args,
                      env: { ...process.env, ...chromium.env },
                    }
                  : {},
              }),
              instances: [{ browser: 'chromium' as const }],
            },
          },
        },
      ],
    },
  };
});
