import type { UnitSystem } from "@weather/contracts";
import { csv, daysTable, forecastPicture, oneLine, riskTable } from "@weather/rendering";
import type { Answer, Answered } from "./answer.ts";
import { Problem } from "./problem.ts";

/** The forms of an answer, and their media types. */
export const mediaTypes = {
  json: "application/json; charset=utf-8",
  text: "text/plain; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
  html: "text/html; charset=utf-8",
} as const;

export type Form = keyof typeof mediaTypes;

/** The file suffix of each form. */
export const suffixes: Readonly<Record<string, Form>> = {
  json: "json",
  txt: "text",
  csv: "csv",
  svg: "svg",
};

interface Look {
  readonly units: UnitSystem;
  /** `1` makes the text one line. */
  readonly format: "1" | undefined;
  readonly theme: "light" | "dark" | undefined;
}

/** An answer in one of its forms, in UTF-8. @throws {Problem} with status 406 if it has no such form */
export const formed = (answer: Answer, form: Exclude<Form, "html">, look: Look): Buffer =>
  form === "json" ? answer.body : Buffer.from(drawn(answer.reply, form, look));

function drawn(reply: Answered, form: "text" | "csv" | "svg", { units, format, theme }: Look): string {
  switch (form) {
    case "csv":
      return csv(reply, units);
    case "svg":
      if (reply.outcome === "forecast") return forecastPicture(reply, { units, ...(theme && { theme }) });
      throw new Problem(406, "Not acceptable", "a risk has no picture: ask for JSON, text or CSV");
    case "text":
      return `${format === "1" ? oneLine(reply, units) : table(reply, units)}\n`;
  }
}

/** The table of the `weather` command, 80 columns wide. */
function table(reply: Answered, units: UnitSystem): string {
  const screen = { width: 80, colour: false };
  return reply.outcome === "forecast"
    ? daysTable(reply, undefined, units, screen)
    : riskTable(reply, undefined, units, screen);
}
