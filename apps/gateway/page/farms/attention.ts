import { counted, dayOf, duration, figure } from "./figures.ts";
import type { Farm } from "./live-farms.ts";

/** Something about a farm that needs a look. */
interface Attention {
  readonly state: string;
  readonly kind: "bad" | "late";
  /** The text, without the state's name. */
  readonly text: string;
}

/** Days after which the newest observation counts as late. The observation of a day comes on the next day. */
const lateObservation = 2;

/** What needs a look, the worst first. @param now in milliseconds since 1970 */
export function attention(farms: readonly Farm[], now: number): Attention[] {
  const found = farms.flatMap((farm) => {
    const say = (kind: Attention["kind"], text: string) => ({ state: farm.state, kind, text });
    if (!farm.reachable) return [say("bad", "its broker does not answer")];
    if (farm.servers === 0)
      return [
        say("bad", farm.waiting > 0 ? `nobody serves, ${figure(farm.waiting)} waiting` : "nobody serves"),
      ];
    return [
      ...(farm.deadLetters ? [say("bad", counted(farm.deadLetters, "dead letter"))] : []),
      ...(farm.old ? [say("late", `figures are ${duration(farm.age)} old`)] : []),
      ...(farm.silent > 0
        ? [say("late", `${figure(farm.silent)} of ${counted(farm.servers, "server")} silent`)]
        : []),
      ...(isLate(farm.newestObservation, now)
        ? [say("late", `newest observation of ${dayOf(farm.newestObservation, now)}`)]
        : []),
    ];
  });
  return found.sort((one, other) => Number(one.kind === "late") - Number(other.kind === "late"));
}

/** @param date YYYY-MM-DD */
export const isLate = (date: string | null | undefined, now: number): boolean =>
  Boolean(date) && now - Date.parse(`${date}T00:00:00Z`) > (lateObservation + 1) * 86_400_000;

/** How much a farm answers, in steps of the map's colours: 1 up to 100 a second, 2 to 300, 3 to 600, 4 beyond; 0: nobody serves. */
export function load({
  servers,
  answeredPerSecond,
}: Pick<Farm, "servers" | "answeredPerSecond">): 0 | 1 | 2 | 3 | 4 {
  if (servers === 0) return 0;
  const rate = answeredPerSecond ?? 0;
  return rate <= 100 ? 1 : rate <= 300 ? 2 : rate <= 600 ? 3 : 4;
}
