import {
  Keyboard,
  KeyRound,
  LogOut,
  MonitorSmartphone,
  Moon,
  Pencil,
  Sun,
  SunMoon,
} from 'lucide-react';
import { type RefObject, useState } from 'react';
import { strings } from '../../lib/strings';
import { type Theme, theme } from '../../platform/theme';
import { useChat } from '../client';
import { useOverlay } from '../overlay';
import { Item, Line, PopMenu } from './PopMenu';
import css from './ProfileMenu.module.css';

interface Props {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const THEME_ICONS = { system: SunMoon, light: Sun, dark: Moon } as const;

export default function ProfileMenu({ anchor, onClose }: Props) {
  const me = useChat((state) => state.me);
  const openOverlay = useOverlay();
  const [chosen, setChosen] = useState(theme.read());
  const words = strings.profile;
  const next = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length] ?? 'system';
  const ThemeIcon = THEME_ICONS[chosen];
  return (
    <PopMenu
      label={words.menu}
      at={() => anchor.current?.getBoundingClientRect() ?? new DOMRect()}
      onClose={onClose}
    >
      <div className={css.who} role="presentation">
        <bdi className={css.name}>{me.displayName}</bdi>
        <bdi>@{me.username}</bdi>
      </div>
      <Line />
      <Item onClick={() => openOverlay({ name: 'rename' })}>
        <Pencil size={17} />
        {words.rename}
      </Item>
      <Item onClick={() => openOverlay({ name: 'password' })}>
        <KeyRound size={17} />
        {words.password}
      </Item>
      <Item onClick={() => openOverlay({ name: 'devices' })}>
        <MonitorSmartphone size={17} />
        {words.devices}
      </Item>
      <Line />
      <Item
        hideOnClick={false}
        onClick={() => {
          theme.write(next);
          setChosen(next);
        }}
      >
        <ThemeIcon size={17} />
        {words.theme}
        <span className={css.value}>{words.themes[chosen]}</span>
      </Item>
      <Item onClick={() => openOverlay({ name: 'shortcuts' })}>
        <Keyboard size={17} />
        {words.shortcuts}
      </Item>
      <Line />
      <Item onClick={() => openOverlay({ name: 'sign-out' })}>
        <LogOut size={17} />
        {words.signOut}
      </Item>
    </PopMenu>
  );
}
