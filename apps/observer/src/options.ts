import { parseArgs } from "node:util";
import { BadSettings } from "@weather/process";
import * as z from "zod";

/** The source of observations. */
export type Source =
  | { readonly kind: "nws" }
  | {
      readonly kind: "files";
      readonly files: readonly string[];
      /** First day, YYYY-MM-DD. @default the first day of the files */
      readonly from?: string;
      /** Milliseconds between two days. 0 means as fast as the broker. @default 0 */
      readonly interval: number;
    };

const usage =
  "expected --source nws, or --source FILE.csv (may be repeated), optionally with --from 2024-01-15 and --speed 1d/s";

/** Reads the command line. @throws {BadSettings} */
export function sourceFrom(words: readonly string[]): Source {
  const { source = [], from, speed } = parsed(words);
  if (source.length === 0) throw new BadSettings(usage);
  if (source.includes("nws")) {
    if (source.length > 1 || from !== undefined || speed !== undefined)
      throw new BadSettings("--source nws goes alone: --from and --speed are only for files");
    return { kind: "nws" };
  }
  if (from !== undefined && !z.iso.date().safeParse(from).success)
    throw new BadSettings(`--from: expected a date such as 2024-01-15, got ${from}`);
  const interval = speed === undefined ? 0 : intervalFrom(speed);
  return { kind: "files", files: source, interval, ...(from !== undefined && { from }) };
}

function parsed(words: readonly string[]) {
  const options = {
    source: { type: "string", multiple: true },
    from: { type: "string" },
    speed: { type: "string" },
  } as const;
  try {
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    throw new BadSettings(`${(error as Error).message}: ${usage}`);
  }
}

const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

function intervalFrom(speed: string): number {
  const [, days = "", unit = ""] = /^(\d+(?:\.\d+)?)d\/([smh])$/.exec(speed) ?? [];
  const interval = (units[unit as keyof typeof units] ?? NaN) / Number(days);
  if (interval >= 1 && interval <= 24 * units.h) return interval;
  throw new BadSettings(
    `--speed: expected days a second, minute or hour, such as 1d/s or 10d/m, got ${speed}`,
  );
}
