import { strings } from '../../lib/strings';
import { useOverlay } from '../overlay';
import { Button } from '../primitives/Button';
import { Mark } from '../primitives/Mark';
import css from './EmptyList.module.css';

/** A list that is really empty: says what to do. */
export function EmptyList() {
  const openOverlay = useOverlay();
  return (
    <div className={css.empty}>
      <Mark size={56} />
      <h2 className={css.title}>{strings.list.empty}</h2>
      <p className={css.text}>{strings.list.emptyText}</p>
      <Button kind="primary" onClick={() => openOverlay({ name: 'find' })}>
        {strings.list.find}
      </Button>
    </div>
  );
}

const WIDTHS = [46, 62, 38, 54, 44, 58];

/** What a list looks like, while it is read. It waits before it shows itself. */
export function ListSkeleton() {
  return (
    <div className={css.skeleton} role="status" aria-label={strings.common.loading}>
      {WIDTHS.map((width) => (
        <div key={width} className={css.bone}>
          <span />
          <span style={{ '--width': `${width}%` }} />
        </div>
      ))}
    </div>
  );
}
