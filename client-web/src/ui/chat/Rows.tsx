import type { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';
import type { Row } from '../../lib/rows';
import { strings } from '../../lib/strings';
import { useMinute } from '../../platform/now';
import { clock } from '../clock';
import { Message } from './Message';
import { usePane } from './pane';
import css from './Rows.module.css';

export type TimelineVirtualizer = ReturnType<typeof useVirtualizer<HTMLDivElement, HTMLDivElement>>;

interface Props {
  readonly rows: readonly Row[];
  readonly virtualizer: TimelineVirtualizer;
  readonly stop: string | null;
  readonly flashed: string | null;
  readonly complete: boolean;
  readonly loadingOlder: boolean;
  /** What stands in the room after the last row. */
  readonly children: ReactNode;
}

/** The rows in the window. The virtualizer writes their places into the document by itself. */
export function Rows(props: Props) {
  const { rows, virtualizer, stop, flashed, complete, loadingOlder, children } = props;
  const { names } = usePane();
  if (rows.length === 0 && complete) {
    return (
      <div className={css.empty}>
        <p className={css.greeting}>{strings.timeline.empty(names.peerName)}</p>
        <p>{strings.timeline.emptyText}</p>
      </div>
    );
  }
  return (
    <div ref={virtualizer.containerRef} className={css.rows}>
      <p className={css.head}>
        {complete ? strings.timeline.begins : loadingOlder ? strings.timeline.older : ''}
      </p>
      {virtualizer.getVirtualItems().map(({ key, index }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <div key={key} ref={virtualizer.measureElement} data-index={index} className={css.row}>
            {row.kind === 'message' ? (
              <Message
                message={row.message}
                first={row.first}
                last={row.last}
                signed={row.signed}
                stop={row.key === stop}
                flashed={row.key === flashed}
              />
            ) : row.kind === 'day' ? (
              <DaySeparator at={row.at} />
            ) : (
              <p className={css.unread}>
                <span>{strings.timeline.unread(row.count)}</span>
              </p>
            )}
          </div>
        );
      })}
      <div className={css.foot}>{children}</div>
    </div>
  );
}

function DaySeparator({ at }: { at: number }) {
  const now = useMinute();
  return (
    <p className={css.day}>
      <time dateTime={new Date(at).toISOString()}>{clock.day(at, now)}</time>
    </p>
  );
}
