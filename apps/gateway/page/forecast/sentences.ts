import type { Day, Forecast, Risk, UnitSystem } from "@weather/contracts";
import { knowledge, knownDays, limit, named } from "@weather/rendering";

const weekday = (date: string) =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" });

/** Such as `late November`. */
function season(date: string): string {
  const day = Number(date.slice(8));
  const month = new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { month: "long", timeZone: "UTC" });
  return `${day <= 10 ? "early" : day <= 20 ? "mid" : "late"} ${month}`.replace("mid ", "mid-");
}

const numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
export const inWords = (count: number): string => numbers[count] ?? String(count);

/** Difference of a day from the climate, °C: the mean of those of high and low. */
const warmer = (day: Day, usual: Day) => (day.high.p50 - usual.high.p50 + (day.low.p50 - usual.low.p50)) / 2;

/** A forecast in two sentences: how it differs from the climate, and for how many days this is known. */
export function lead({ days }: Forecast, climate: Forecast | undefined): string {
  const [first] = days;
  const pairs = days.flatMap((day, at) => {
    const usual = climate?.days[at];
    return usual ? [{ day, usual }] : [];
  });
  if (!first || pairs.length < days.length) return `${first?.summary ?? ""}.`;
  const known = knownDays(pairs.map(({ day, usual }) => knowledge(day, usual)));
  const [end, next] = [days[known - 1], days[known]];
  if (!end) return `Nothing more is known than what is usual for ${season(first.date)}.`;
  const difference =
    pairs.slice(0, known).reduce((sum, { day, usual }) => sum + warmer(day, usual), 0) / known;
  const kind = `${howWarm(difference)} for ${season(first.date)}`;
  if (!next) return `${kind} on ${known === 1 ? "this day" : `all ${inWords(known)} days`}.`;
  const until = known === 1 ? `on ${weekday(end.date)}` : `until ${weekday(end.date)}`;
  return `${kind} ${until}. From ${weekday(next.date)} on, nothing more is known than what is usual for the date.`;
}

function howWarm(celsius: number): string {
  if (Math.abs(celsius) < 1.5) return "About as warm as usual";
  return `${Math.abs(celsius) >= 6 ? "Very " : ""}${celsius > 0 ? "warm" : "cold"}`.replace(/^./, (sign) =>
    sign.toUpperCase(),
  );
}

/** The difference of a day from the climate, in words. Empty if the climate is not known. */
export function comparison(day: Day, usual: Day | undefined, units: UnitSystem): string {
  if (!usual) return "";
  if (knowledge(day, usual) < 0.05) return "Usual for the date.";
  const difference = Math.round(warmer(day, usual) * (units === "us" ? 1.8 : 1));
  if (difference === 0) return "As warm as usual.";
  return `${Math.abs(difference)}° ${difference > 0 ? "warmer" : "colder"} than usual.`;
}

/** The event of a risk, as the subject of a sentence. */
export function event({ of, above, below }: Risk["threshold"], units: UnitSystem): string {
  if (of === "low" && below === 0) return "Frost";
  const quantity = of === "precipitation" ? "precipitation" : "temperature";
  const value = limit(above ?? below ?? NaN, quantity, units).replace("-", "−");
  if (of === "precipitation") return `${above === undefined ? "Less" : "More"} than ${value} of rain or snow`;
  return `A ${of} ${above === undefined ? "below" : "above"} ${value}`;
}

/** The first day on which the event has a chance of at least 50 %. */
export function asLikelyAsNot({ days, threshold }: Risk): { text: string; date: string | undefined } {
  const night = threshold.of === "low" ? "night" : "day";
  const date = days.find(({ chance }) => chance >= 0.5)?.date;
  if (date === undefined) return { text: `On no ${night} it is as likely as not.`, date };
  return { text: `The first ${night} on which it is as likely as not: `, date: named(date) };
}
