import { quantityOf, type Risk, type UnitSystem } from "@weather/contracts";
import { weekday } from "./day.ts";
import { limit, percent } from "./figures.ts";
import { framed } from "./frame.ts";
import { table, type Screen } from "./table.ts";

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
  const rows: Row[] = [...risk.days, { chance: risk.chance }];
  const body = table(
    rows,
    [
      {
        columns: [
          { name: "", text: ({ date }) => (date ? weekday(date) : "") },
          { name: "Date", text: ({ date = "any day" }) => date },
          {
            name: condition(risk.threshold, units),
            align: "right",
            style: "cyan",
            text: ({ chance }) => percent(chance),
          },
          { name: "", text: ({ chance }) => "█".repeat(Math.round(chance * barWidth)), style: "cyan" },
        ],
      },
    ],
    screen,
  );
  return framed(risk, body, milliseconds, screen);
}

/** Length of the bar for a chance of 100 %, in columns of the terminal. */
const barWidth = 20;

/** The event of a risk in the reader's units: `low < 32 °F`. */
export function condition({ of, above, below }: Risk["threshold"], units: UnitSystem): string {
  const value = above ?? below ?? NaN;
  return `${of} ${above === undefined ? "<" : ">"} ${limit(value, quantityOf[of], units)}`;
}
