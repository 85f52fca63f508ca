import { ChevronDown } from 'lucide-react';
import { strings } from '../../lib/strings';
import css from './JumpToLatest.module.css';

export function JumpToLatest({ count, onJump }: { count: number; onJump: () => void }) {
  const label = count > 0 ? strings.timeline.latestCount(count) : strings.timeline.latest;
  return (
    <button type="button" className={css.jump} aria-label={label} title={label} onClick={onJump}>
      {count > 0 && <span className={css.count}>{count > 999 ? '999+' : count}</span>}
      <ChevronDown size={20} aria-hidden="true" />
    </button>
  );
}
