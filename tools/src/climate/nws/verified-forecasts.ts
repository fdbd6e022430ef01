import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

export const elements = ["high", "low"] as const;
export type Element = (typeof elements)[number];

/** Lead times of the file, hours from the forecast's issue. */
export const leads = [12, 24, 36, 48] as const;
export type Lead = (typeof leads)[number];

/** A high or low that was forecast, and what was observed. */
export interface VerifiedForecast {
  /** CITY, STATE */
  city: string;
  /** Date of the high, or of the evening before the low, YYYY-MM-DD. */
  date: string;
  element: Element;
  lead: Lead;
  /** In whole °F, as NWS writes forecasts and observations. */
  forecast: number;
  observed: number;
}

/**
 * Columns of the file. A row's low is that of the night after its date: "current PM" is the evening 12 h before.
 * What was observed is taken from the report of the next morning, when the day and the night are over.
 */
const columns = {
  high: {
    12: "forecast_hi_current_AM",
    24: "forecast_hi_prev_PM",
    36: "forecast_hi_prev_AM",
    48: "forecast_hi_2_prev_PM",
    observed: "actual_hi_next_AM",
  },
  low: {
    12: "forecast_lo_current_PM",
    24: "forecast_lo_current_AM",
    36: "forecast_lo_prev_PM",
    48: "forecast_lo_prev_AM",
    observed: "actual_lo_next_AM",
  },
} as const;

const needed = ["date", "city", "state", ...Object.values(columns).flatMap((of) => Object.values(of))];

/**
 * Reads forecasts and observations of the form of nws_forecast_verification_2021_2022_oh_va.csv. Empty fields and NA are missing.
 * @throws Error that names the file, and the column or the row that is wrong.
 */
export function readVerifiedForecasts(file: string): VerifiedForecast[] {
  const rows = parse<Record<string, string>>(readText(file), {
    columns: true,
    skip_empty_lines: true,
    bom: true,
    trim: true,
  });
  const missing = needed.filter((column) => !Object.hasOwn(rows[0] ?? {}, column));
  if (missing.length > 0) throw new Error(`${file}: there is no column ${missing.join(", ")}`);
  const forecasts = rows.flatMap((row, at) => forecastsOf(row, `${file}: row ${at + 2}`));
  if (forecasts.length === 0) throw new Error(`${file}: no row has both a forecast and an observation`);
  return forecasts;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      cause: error,
    });
  }
}

function forecastsOf(row: Record<string, string>, where: string): VerifiedForecast[] {
  const { date = "" } = row;
  if (Number.isNaN(Date.parse(date)) || !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new Error(`${where}: expected a date such as 2021-01-30, got ${date}`);
  }
  const city = `${row.city}, ${row.state}`;
  return elements.flatMap((element) => {
    const observed = degrees(row[columns[element].observed], where);
    return leads.flatMap((lead) => {
      const forecast = degrees(row[columns[element][lead]], where);
      if (forecast === undefined || observed === undefined) return [];
      return [{ city, date, element, lead, forecast, observed }];
    });
  });
}

function degrees(field = "", where: string): number | undefined {
  if (field === "" || field === "NA") return undefined;
  const value = Number(field);
  if (!Number.isFinite(value)) throw new Error(`${where}: expected a temperature in °F, got ${field}`);
  return value;
}

/** Observed minus forecast, °C. */
export const errorOf = ({ forecast, observed }: VerifiedForecast) => (observed - forecast) / 1.8;
