import { addDays } from "@weather/contracts";

/** Query parameters of a forecast's URL, such as `days` and `units`. */
export type Words = Readonly<Record<string, string>>;

/** The URL of a forecast, in any of its forms. The state may be any text, so it is encoded: `//host` would be another host. */
export function addressOf(state: string, words: Words, path = `/${encodeURIComponent(state)}`): string {
  const query = new URLSearchParams(Object.entries(words).filter(([, word]) => word !== "")).toString();
  // A query may contain these characters (RFC 3986, 3.4), and is easier to read with them.
  return query === "" ? path : `${path}?${query.replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

/**
 * The state and the query parameters of a form that was sent. A form has one field for each figure, their units (`in`), and the
 * state and the quantity that it was made for (`was`, `for`). A URL has `observed` and `risk`, with units.
 */
export function wordsFrom(fields: Words): { state: string; words: Words } {
  const { state = "", was = state, of = "", for: quantity = of, limit = "", station = "", ...rest } = fields;
  const {
    high = "",
    low = "",
    precipitation = "",
    in: system,
    latitude = "",
    longitude = "",
    risk: kept = "",
    ...others
  } = rest;
  const [degree, amount] = system === "us" ? ["F", "in"] : ["C", "mm"];
  const figures = [`${high}${degree}`, `${low}${degree}`, `${precipitation}${amount}`];
  const observed = high + low + precipitation === "" ? "" : figures.join(",");
  const sign = of === "low" ? "<" : ">";
  // A limit of another quantity has no meaning for this one.
  const asked =
    limit === "" || quantity !== of ? usualLimits[of] : `${limit}${of === "precipitation" ? amount : degree}`;
  const risk = asked === undefined ? kept : of + sign + asked;
  // A station of the previous state does not exist in another one.
  const place: Words =
    state !== was ? {} : latitude + longitude !== "" ? { latitude, longitude } : { station };
  return { state, words: trimmed({ ...place, ...others, observed, risk }) };
}

/** Default limit of each quantity. */
const usualLimits: Words = { low: "0C", high: "30C", precipitation: "10mm" };

const trimmed = (words: Words): Words =>
  Object.fromEntries(
    Object.entries(words)
      .map(([name, word]) => [name, word.trim()] as const)
      .filter(([name, word]) => word !== "" && !(name === "units" && word === "metric")),
  );

/** Default risk: heat from May to September, else frost. @param start YYYY-MM-DD */
export const usualRisk = (start: string): string =>
  /^\d+-0[5-9]/.test(addDays(start, 0)) ? `high>${usualLimits["high"]}` : `low<${usualLimits["low"]}`;
