import { nameOfState, type Forecast, type Reply, type Risk, type UnitSystem } from "@weather/contracts";
import { clean } from "./clean.ts";
import { weekday } from "./day.ts";
import { figuresIn, percent } from "./figures.ts";
import { condition } from "./risk-table.ts";

/** An answer on one line, such as `Ohio (KCMH), Thu: Chance of rain, low 8 °C, high 17 °C, rain or snow 47 %`. */
export function oneLine(reply: Reply, units: UnitSystem): string {
  if (reply.outcome === "refused") return clean(`${nameOfState(reply.state)}: refused, ${reply.message}`);
  return clean(reply.outcome === "risk" ? ofRisk(reply, units) : ofForecast(reply, units));
}

function ofForecast({ state, station, days: [first] }: Forecast, units: UnitSystem): string {
  const place = `${nameOfState(state)} (${station.id})`;
  if (!first) return place;
  const { wholeDegrees, temperature } = figuresIn(units);
  const { date, summary, low, high, precipitation } = first;
  const degrees = (value: number) => `${wholeDegrees(value)} ${temperature}`;
  return (
    `${place}, ${weekday(date)}: ${summary}, low ${degrees(low.p50)}, high ${degrees(high.p50)}, ` +
    `rain or snow ${percent(precipitation.chance)}`
  );
}

function ofRisk({ state, station, days, threshold, chance }: Risk, units: UnitSystem): string {
  const when = days.length === 1 ? weekday(days[0]?.date ?? "") : `on any of ${days.length} days`;
  return `${nameOfState(state)} (${station.id}), ${when}: ${condition(threshold, units)} ${percent(chance)}`;
}
