/**
 * Times in words. The words are English, and so is the order of what stands in a date; but whether
 * the clock has 12 hours or 24 is the person's own habit, as their browser tells it.
 */

const DAY_MILLIS = 86_400_000;

/** Ready-made formats, since to make one takes longer than to use it a hundred times. */
export interface Clock {
  /** "14:02". */
  time(at: number): string;
  /** "Today", "Yesterday", "Monday", "3 March", "3 March 2024": the separator of days. */
  day(at: number, now: number): string;
  /** "14:02", "Yesterday", "Mon", "3 Mar", "3 Mar 2024": a row of the list. */
  brief(at: number, now: number): string;
  /** "Monday, 3 March 2025 at 14:02": a tooltip. */
  full(at: number): string;
  /** "last seen 14:02", "last seen yesterday at 14:02". */
  lastSeen(at: number, now: number): string;
}

/** How many local midnights lie between two times; steps of DST don't matter. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / DAY_MILLIS);
}

export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The next local midnight. */
export function nextDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

/** A browser without a proper locale says "en-US@posix", which no format takes. */
function usable(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
}

export function createClock(wanted: string): Clock {
  const locale = usable(wanted);
  const language = locale.startsWith('en') ? locale : 'en-GB';
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  const hours = hourCycle === undefined ? {} : { hourCycle };
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, options);

  const time = format({ hour: '2-digit', minute: '2-digit', ...hours });
  const weekday = format({ weekday: 'long' });
  const shortWeekday = format({ weekday: 'short' });
  const date = format({ day: 'numeric', month: 'long' });
  const dateYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const shortDate = format({ day: 'numeric', month: 'short' });
  const shortDateYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const full = format({ dateStyle: 'full', timeStyle: 'short', ...hours });

  const sameYear = (at: number, now: number) =>
    new Date(at).getFullYear() === new Date(now).getFullYear();

  const day = (at: number, now: number): string => {
    const days = daysBetween(at, now);
    if (days <= 0) return 'Today';
    if (days === 1) return 'Yesterday';
    if (days < 7) return weekday.format(at);
    return (sameYear(at, now) ? date : dateYear).format(at);
  };

  return {
    time: (at) => time.format(at),
    day,
    brief(at, now) {
      const days = daysBetween(at, now);
      if (days <= 0) return time.format(at);
      if (days === 1) return 'Yesterday';
      if (days < 7) return shortWeekday.format(at);
      return (sameYear(at, now) ? shortDate : shortDateYear).format(at);
    },
    full: (at) => full.format(at),
    lastSeen(at, now) {
      const days = daysBetween(at, now);
      if (now - at < 60_000) return 'last seen just now';
      if (days <= 0) return `last seen ${time.format(at)}`;
      const when = days === 1 ? 'yesterday' : day(at, now);
      return days < 7 ? `last seen ${when} at ${time.format(at)}` : `last seen ${when}`;
    },
  };
}
