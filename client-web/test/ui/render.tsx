import '../../src/ui/styles/index.css';
import { expect } from 'vitest';
import { render } from 'vitest-browser-react';
import { ClientProvider } from '../../src/ui/client';
import { Shell } from '../../src/ui/Shell';
import type { FakeClient } from './fake-client';

/** The whole app over a made-up client, standing at a path. */
export async function renderApp(client: FakeClient, path: string): Promise<HTMLElement> {
  history.replaceState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
  // The page's own height, which everything in it goes by from its first layout on.
  const container = document.createElement('div');
  container.id = 'root';
  container.style.setProperty('--app-height', '600px');
  document.body.append(container);
  await render(
    <ClientProvider client={client}>
      <Shell onSignOut={() => client.signOut()} />
    </ClientProvider>,
    { container },
  );
  return container;
}

export function find(root: ParentNode, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`nothing is ${selector}`);
  return found;
}

/** Where an element stands, from the top of the window. */
export const topOf = (element: Element): number =>
  inLayoutUnits(element.getBoundingClientRect().top);

/** How high an element is. */
export const heightOf = (element: Element): number =>
  inLayoutUnits(element.getBoundingClientRect().height);

/**
 * Chromium lays out in 1/64 px, but tells rectangles as differences of floats: the same height is
 * 47 at one place of the screen and 46.99997 at another.
 */
const inLayoutUnits = (px: number): number => Math.round(px * 64) / 64;

export const distanceFromEnd = (log: HTMLElement): number =>
  log.scrollHeight - log.clientHeight - log.scrollTop;

/** Two frames: one to lay out, one to be measured and mended. */
export async function settled(frames = 4): Promise<void> {
  for (let i = 0; i < frames; i += 1) await new Promise(requestAnimationFrame);
}

export async function atEnd(log: HTMLElement): Promise<void> {
  await expect.poll(() => distanceFromEnd(log)).toBeLessThanOrEqual(1);
}
