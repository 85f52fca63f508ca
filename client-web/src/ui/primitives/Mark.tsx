/** Parley's sign: two who speak, one answering the other. */
export function Mark({ size = 48 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" fill="none" aria-hidden="true">
      <path
        d="M10 8h19a6 6 0 0 1 6 6v7a6 6 0 0 1-6 6H17l-7 6v-6a6 6 0 0 1-6-6v-7a6 6 0 0 1 6-6Z"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinejoin="round"
      />
      <path
        d="M39 20.5a5 5 0 0 1 5 5V31a5 5 0 0 1-5 5v5l-6-5H22a5 5 0 0 1-4.6-3"
        stroke="var(--accent)"
        strokeWidth="1.75"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
