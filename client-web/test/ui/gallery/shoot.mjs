/**
 * Pictures of every scene, under the content policy of production, and what axe says of each:
 *
 *     node test/ui/gallery/shoot.mjs OUT [SCENE,…] [light|dark] [360|1280]
 *
 * Ends with 1 when axe or the policy found something.
 */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { browser } from '../../../scripts/browser.mjs';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; " +
  'trusted-types chat-sw';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
/** What a picture can't show by itself: done before it is taken. */
const STEPS = {
  'find-open': [
    'inbox',
    (page) => page.getByRole('button', { name: 'Find a person' }).first().click(),
  ],
  'find-typed': [
    'inbox',
    async (page) => {
      await page.getByRole('button', { name: 'Find a person' }).first().click();
      await page.getByRole('combobox').fill('bo');
      await page.getByText('Bo Diddley').waitFor();
    },
  ],
  'profile-menu': [
    'inbox',
    async (page) => {
      await page.getByRole('button', { name: 'Your profile' }).click();
      await page.getByRole('menu').waitFor();
    },
  ],
  devices: ['inbox', (page) => profile(page, 'Devices')],
  password: ['inbox', (page) => profile(page, 'Change password')],
  'sign-out': ['inbox', (page) => profile(page, 'Sign out')],
  shortcuts: ['inbox', (page) => profile(page, 'Keyboard shortcuts')],
  'message-menu': [
    'chat',
    (page) => page.locator('[data-seq="13"] [data-bubble]').click({ button: 'right' }),
  ],
  'message-hover': ['chat', (page) => page.locator('[data-seq="12"] [data-bubble]').hover()],
  'message-focus': [
    'chat',
    async (page) => {
      await page.getByRole('textbox', { name: 'Message' }).focus();
      await page.locator('[data-seq="12"]').focus();
      await page.keyboard.press('ArrowDown');
    },
  ],
  remove: [
    'chat',
    async (page) => {
      await page.locator('[data-seq="13"] [data-bubble]').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Delete…' }).click();
    },
  ],
  'sign-up': ['sign-in', (page) => page.getByRole('button', { name: 'Sign up' }).click()],
  'sign-up-taken': [
    'sign-in',
    async (page) => {
      await page.getByRole('button', { name: 'Sign up' }).click();
      await page.getByLabel('Username').fill('ada');
      await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
      await page.getByRole('button', { name: 'Create account' }).click();
    },
  ],
  'sign-in-wrong': ['sign-in', (page) => signIn(page)],
  'sign-in-limited': ['sign-in-limited', (page) => signIn(page)],
  'long-scrolled': [
    'long',
    async (page) => {
      await page.locator('[role=log]').hover();
      for (let i = 0; i < 4; i += 1) {
        await page.mouse.wheel(0, -600);
        await page.waitForTimeout(120);
      }
    },
  ],
};

async function profile(page, item) {
  await page.getByRole('button', { name: 'Your profile' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function signIn(page) {
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const [out, only, onlyTheme, onlyWidth] = process.argv.slice(2);
if (out === undefined)
  throw new Error('node test/ui/gallery/shoot.mjs OUT [SCENE,…] [THEME] [WIDTH]');

const root = fileURLToPath(new URL('../../..', import.meta.url));
const built = join(root, 'node_modules/.cache/gallery');
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  plugins: [react()],
  build: {
    outDir: built,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: join(root, 'test/ui/gallery/index.html') },
  },
});
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://gallery');
  const file = pathname.startsWith('/assets/') ? pathname : 'test/ui/gallery/index.html';
  try {
    const body = await readFile(join(built, file));
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const { executablePath, args, env } = await browser();
const chrome = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
let faults = 0;
const complain = (where, words) => {
  faults += 1;
  console.log(`${where}: ${words}`);
};

const names = await sceneNames();
const wanted =
  only && only !== 'all' ? only.split(',') : [...new Set([...names, ...Object.keys(STEPS)])];
for (const theme of ['light', 'dark'].filter((t) => !onlyTheme || t === onlyTheme)) {
  for (const width of [360, 1280].filter((w) => !onlyWidth || w === Number(onlyWidth))) {
    const context = await chrome.newContext({
      viewport: { width, height: width === 360 ? 740 : 800 },
      colorScheme: theme,
      hasTouch: width === 360,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    context.setDefaultTimeout(3000);
    for (const name of wanted) await shoot(context, name, theme, width);
    await context.close();
  }
}
await chrome.close();
server.close();
process.exitCode = faults > 0 ? 1 : 0;

async function sceneNames() {
  const page = await chrome.newPage();
  await page.goto(origin);
  const found = await page.locator('li a:first-child').allTextContents();
  await page.close();
  return found;
}

async function shoot(context, name, theme, width) {
  const where = `${name}-${theme}-${width}`;
  const page = await context.newPage();
  page.on('console', (line) => {
    if (line.type() === 'error') complain(where, line.text());
  });
  page.on('pageerror', (error) => complain(where, error.message));
  const [scene, step] = STEPS[name] ?? [name, async () => {}];
  await page.goto(`${origin}/?scene=${scene}`);
  await page.waitForTimeout(200);
  try {
    await step(page);
    await page.waitForTimeout(200);
  } catch (error) {
    complain(where, String(error).split('\n')[0]);
  }
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(out, `${where}.png`) });
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  for (const { id, nodes } of violations) {
    complain(
      where,
      `axe ${id}: ${nodes
        .map(({ target }) => target.join(' '))
        .slice(0, 3)
        .join(' | ')}`,
    );
  }
  await page.close();
}
