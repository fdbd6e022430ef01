// Figures of farms as text. An unknown figure is –. No formatter of Intl: a slow phone needs tens of milliseconds to make one.

const grouped = (value: number) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");

/** A count, or a rate below 10 to tenths: `1,473`, `3.2`. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(1) : grouped(value);
}

/** `2 servers`, `1 server`. */
export const counted = (count: number, thing: string): string =>
  `${figure(count)} ${thing}${count === 1 ? "" : "s"}`;

/** Milliseconds, below 10 to tenths. */
export const milliseconds = (value: number | undefined): string =>
  value === undefined ? "–" : value < 10 ? value.toFixed(1) : grouped(value);

/** A time span in its two greatest units: `38 s`, `2 h 12 min`, `6 d 4 h`. @param seconds 0 or more */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Time of day in UTC: `10:16:48 UTC`. */
export const clock = (ms: number): string => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `2026-11-24` as `24 Nov`, a day of another year as `24 Nov 2025`. @param now in ms */
export const dayOf = (date: string | null | undefined, now = Date.now()): string => {
  if (!date) return "–";
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const ofYear = year === new Date(now).getUTCFullYear() ? "" : ` ${year}`;
  return `${day} ${months[month - 1]}${ofYear}`;
};
