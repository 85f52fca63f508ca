import { hueOf, initials } from '../../lib/emoji';
import type { Person } from '../../sdk/state';
import css from './Avatar.module.css';

/** Somebody's initials on a tint of their own. The name stands beside it, so it is silent. */
export function Avatar({ person, online = false }: { person: Person; online?: boolean }) {
  return (
    <span className={css.avatar} style={{ '--hue': hueOf(person.id) }} aria-hidden="true">
      {initials(person.displayName)}
      {online && <span className={css.online} />}
    </span>
  );
}
