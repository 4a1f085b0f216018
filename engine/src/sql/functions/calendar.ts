/** Proleptic Gregorian dates as day numbers since 1970-01-01, without Date objects. */

export const DAY_MS = 86_400_000;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** Day number of a date (algorithm of days_from_civil). */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

export function civilDate(days: number): CivilDate {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  const month = m < 10 ? m + 3 : m - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Adds months; the day is cut to the length of the month reached. */
export function addMonths(days: number, months: number): number {
  const date = civilDate(days);
  const total = date.year * 12 + (date.month - 1) + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  return dayNumber(year, month, Math.min(date.day, daysInMonth(year, month)));
}

/** 1 = Sunday … 7 = Saturday, as DAYOFWEEK counts. */
export function dayOfWeek(days: number): number {
  return ((((days + 4) % 7) + 7) % 7) + 1;
}

/** ISO week and the year it belongs to. */
export function isoWeek(days: number): { week: number; year: number } {
  const weekday = ((((days + 3) % 7) + 7) % 7) + 1;
  const thursday = days - weekday + 4;
  const year = civilDate(thursday).year;
  return { week: Math.floor((thursday - dayNumber(year, 1, 1)) / 7) + 1, year };
}

/**
 * Whole months from one instant to another, negative backwards; days cut to a month's length count as reached. The rounding follows
 * Calcite, which is not symmetric: a last incomplete month counts against the later day, also when going backwards.
 */
export function monthsBetween(from: number, to: number): number {
  const fromDay = Math.floor(from / DAY_MS);
  const toDay = Math.floor(to / DAY_MS);
  const months = monthsBetweenDays(fromDay, toDay);
  const reached = addMonths(fromDay, months);
  return reached === toDay && to - toDay * DAY_MS < from - fromDay * DAY_MS ? months - 1 : months;
}

function monthsBetweenDays(fromDay: number, toDay: number): number {
  if (toDay < fromDay) {
    const backwards = monthsBetweenDays(toDay, fromDay);
    return backwards === 0 ? 0 : -backwards;
  }
  let months = Math.floor((toDay - fromDay) / 31);
  for (;;) {
    if (addMonths(fromDay, months) >= toDay || addMonths(fromDay, months + 1) > toDay) return months;
    months++;
  }
}
