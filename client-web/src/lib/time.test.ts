import { describe, expect, it } from 'vitest';
import { createClock, daysBetween, nextDay } from './time';

const at = (day: number, hour = 12, minute = 0) => new Date(2025, 2, day, hour, minute).getTime();

describe('times', () => {
  const clock = createClock('en-GB');

  it('are said as shortly as the day allows', () => {
    const now = at(20);
    expect(clock.brief(at(20, 9, 5), now)).toBe('09:05');
    expect(clock.brief(at(19, 23, 59), now)).toBe('Yesterday');
    expect(clock.brief(at(17), now)).toBe('Mon');
    expect(clock.brief(at(3), now)).toBe('3 Mar');
    expect(clock.brief(new Date(2024, 2, 3).getTime(), now)).toBe('3 Mar 2024');
  });

  it('part the days at local midnight', () => {
    expect(daysBetween(at(19, 23, 59), at(20, 0, 1))).toBe(1);
    expect(clock.day(at(20, 0, 1), at(20, 23))).toBe('Today');
    expect(clock.day(at(14), at(20))).toBe('Friday');
    expect(clock.day(at(13), at(20))).toBe('13 March');
    expect(nextDay(at(31))).toBe(new Date(2025, 3, 1).getTime());
  });

  it('say when somebody was last seen', () => {
    const now = at(20);
    expect(clock.lastSeen(now - 30_000, now)).toBe('last seen just now');
    expect(clock.lastSeen(at(20, 9), now)).toBe('last seen 09:00');
    expect(clock.lastSeen(at(19, 9), now)).toBe('last seen yesterday at 09:00');
    expect(clock.lastSeen(at(3), now)).toBe('last seen 3 March');
  });

  it('keep to twelve hours where people do, and survive what is no locale', () => {
    expect(createClock('en-US').time(at(20, 14))).toMatch(/02:00\sPM/);
    expect(createClock('de-DE').time(at(20, 14))).toBe('14:00');
    expect(createClock('en-US@posix').time(at(20, 14))).toBe('14:00');
  });
});
