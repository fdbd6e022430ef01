import { quantityOf, type Risk, type UnitSystem } from "@weather/contracts";
import { weekday } from "./day.ts";
import { limit, percent } from "./figures.ts";
import { framed } from "./frame.ts";
import { table, type Screen } from "./table.ts";

interface Row {
  date?: string;
  chance: number;
}

/** One row per day of one risk, and the whole period. @param milliseconds that the answer took */
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

/** Columns of the terminal that a chance of 100 % takes. */
const barWidth = 20;

/** What is watched for, in the reader's units: `low < 32 °F`. */
export function condition({ of, above, below }: Risk["threshold"], units: UnitSystem): string {
  const value = above ?? below ?? NaN;
  return `${of} ${above === undefined ? "<" : ">"} ${limit(value, quantityOf[of], units)}`;
}
