import { strings } from '../../lib/strings';
import css from './TimelineSkeleton.module.css';

const BONES = [38, 24, 52, 30, 44, 26];

/** What a conversation looks like, while it is read. It waits before it shows itself. */
export function TimelineSkeleton() {
  return (
    <div className={css.skeleton} role="status" aria-label={strings.common.loading}>
      {BONES.map((width, index) => (
        <span
          key={width}
          className={css.bone}
          data-mine={index % 3 === 2 || undefined}
          style={{ '--width': `${width}%` }}
        />
      ))}
    </div>
  );
}
