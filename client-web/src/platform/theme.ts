import { storage } from './storage';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'parley.theme';

export const theme = {
  read(): Theme {
    const value = storage.get(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  },
  /** `data-theme` sets `color-scheme`, and every colour is a `light-dark()` pair. */
  apply(value: Theme = theme.read()): void {
    if (value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
  },
  write(value: Theme): void {
    storage.set(KEY, value === 'system' ? null : value);
    theme.apply(value);
  },
};
