const dayLength = 86_400_000; // ms

/** Days since 1970-01-01 of a date written YYYY-MM-DD. */
export const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / dayLength;

/** The date, YYYY-MM-DD, of a day number. */
export const dateOf = (day: number) => new Date(day * dayLength).toISOString().slice(0, 10);

/** Days in the calendar of the climate: those of a leap year, so that 1 March is the same day every year. */
export const calendarDays = 366;

/** First day of each month in that calendar, counted from 0, and the end of December. */
const monthStarts = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, calendarDays];

/** The day of a day number in that calendar, 0 (1 January) to 365 (31 December). */
export function calendarDay(day: number): number {
  const date = new Date(day * dayLength);
  return (monthStarts[date.getUTCMonth()] ?? 0) + date.getUTCDate() - 1;
}

/** The calendar days of a month, January = 0: from the first one to before the second one. */
export const daysOfMonth = (month: number): [from: number, to: number] => [
  monthStarts[month] ?? 0,
  monthStarts[month + 1] ?? calendarDays,
];

/** Month of a calendar day, January = 0. */
export const monthOf = (day: number) => monthStarts.findIndex((start) => start > day) - 1;

/** The year of a day number with its fraction: 2026-07-02 is about 2026.5. */
export const yearOf = (day: number) => 1970 + day / 365.2425;
