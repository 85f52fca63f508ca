/** The parts of the page that F6 goes through, in the order of the document. */
export const LANDMARK = 'data-landmark';

const TARGETS =
  '[tabindex="0"], textarea, a[href]:not([tabindex="-1"]), button:not([tabindex="-1"])';

/** Moves the focus to the next part that is shown, and in it to where the focus was. */
export function focusNextLandmark(): void {
  const parts = [...document.querySelectorAll<HTMLElement>(`[${LANDMARK}]`)].filter(
    (part) => part.offsetParent !== null && part.querySelector(TARGETS) !== null,
  );
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  parts[(at + 1) % parts.length]?.querySelector<HTMLElement>(TARGETS)?.focus();
}
