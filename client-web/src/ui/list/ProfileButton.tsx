import { useRef, useState } from 'react';
import { strings } from '../../lib/strings';
import { useChat } from '../client';
import { Avatar } from '../primitives/Avatar';
import { useLater } from '../use-later';
import css from './ProfileButton.module.css';

export const loadProfileMenu = () => import('../overlays/ProfileMenu');

/** Who is signed in here, and what they may do about it. */
export function ProfileButton() {
  const me = useChat((state) => state.me);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  const ProfileMenu = useLater(loadProfileMenu, open, close);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={css.button}
        aria-label={strings.profile.menu}
        title={me.displayName}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Avatar person={me} />
      </button>
      {ProfileMenu !== null && <ProfileMenu anchor={button} onClose={close} />}
    </>
  );
}
