import { nameOf } from '../../lib/label';
import { strings } from '../../lib/strings';
import type { Quote } from '../../sdk/state';
import { usePane } from './pane';
import css from './QuoteBlock.module.css';

/** What a message answers; leads there. */
export function QuoteBlock({ quote }: { quote: Quote }) {
  const pane = usePane();
  const words = strings.message;
  const text = quote.deleted ? words.quoteGone : (quote.text ?? words.quoteUnknown);
  return (
    <button
      type="button"
      className={css.quote}
      title={words.quoteJump}
      tabIndex={-1}
      onClick={() => pane.jumpTo(quote.seq)}
    >
      {quote.by !== null && <bdi className={css.name}>{nameOf(quote.by, pane.names)}</bdi>}
      <span className={css.text} dir="auto">
        {text}
      </span>
    </button>
  );
}
