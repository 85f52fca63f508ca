import css from './TypingDots.module.css';

/** The peer types. It has its own room at the end, so nothing moves when it comes and goes. */
export function TypingDots() {
  return (
    <span className={css.dots} aria-hidden="true">
      <span />
      <span />
      <span />
    </span>
  );
}
