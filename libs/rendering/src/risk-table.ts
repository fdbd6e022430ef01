import { quantityOf, type Risk, type UnitSystem } from "@weather/contracts";
import { weekday } from "./day.ts";
import { limit, percent } from "./figures.ts";
import { framed } from "./frame.ts";
import { columnsFor, table, type Screen } from "./table.ts";

interface Row {
  date?: string;
  chance: number;
}

/** A table with a row for each day of a risk, and one for the whole period. @param milliseconds time until the answer came */
export function riskTable(
  risk: Risk,
  milliseconds: number | undefined,
  units: UnitSystem,
  screen: Screen,
): string {
  const { text, figure } = columnsFor<Row>();
  const columns = [
    text("", ({ date }) => (date ? weekday(date) : "")),
    text("Date", ({ date = "any day" }) => date),
    figure(condition(risk.threshold, units), ({ chance }) => percent(chance), { style: "cyan" }),
    text("", ({ chance }) => "█".repeat(Math.round(chance * barWidth)), { style: "cyan" }),
  ];
  const body = table([...risk.days, { chance: risk.chance }], [{ columns }], screen);
  return framed(risk, body, milliseconds, screen);
}

/** Length of the bar for a chance of 100 %, in columns of the terminal. */
const barWidth = 20;

/** The event of a risk in the reader's units: `low < 32 °F`. */
export function condition({ of, above, below }: Risk["threshold"], units: UnitSystem): string {
  const value = above ?? below ?? NaN;
  return `${of} ${above === undefined ? "<" : ">"} ${limit(value, quantityOf[of], units)}`;
}
