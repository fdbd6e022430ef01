import { dateIn, type Request, type StateName } from "@weather/contracts";
import type { Answered } from "./answer.ts";
import { untilMidnight } from "./midnight.ts";

/** Validity of a reply that a new observation or a new forecast of the National Weather Service may change, in milliseconds. */
const volatile = 60_000;
/** The same for a reply that is for another day than this process's today: near midnight, two clocks differ. */
const disagreeing = 1_000;

/** When a reply may change, in milliseconds of `Date.now()`. @param now when it was asked for */
export function changeOf(
  state: StateName,
  request: Request,
  { model, days }: Pick<Answered, "model" | "days">,
  now: Date,
): number {
  if (request.start === undefined && days[0]?.date !== dateIn(state, now)) return now.getTime() + disagreeing;
  const midnight = untilMidnight(state, now);
  const pure =
    model.name === "climate-ensemble" && (request.observed !== undefined || request.model === "climate");
  return now.getTime() + (pure ? midnight : Math.min(volatile, midnight));
}
