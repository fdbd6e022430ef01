import { addDays } from "@weather/contracts";

/** Words of a forecast's URL, such as `days` and `units`: what the gateway's query takes. */
export type Words = Readonly<Record<string, string>>;

/** The address of a forecast: of the page, and of all its other forms. A word of a form may be no state: `//host` is another host. */
export function addressOf(state: string, words: Words, path = `/${encodeURIComponent(state)}`): string {
  const query = new URLSearchParams(Object.entries(words).filter(([, word]) => word !== "")).toString();
  // These may stand in a query as they are (RFC 3986, 3.4), and are read more easily.
  return query === "" ? path : `${path}?${query.replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

/**
 * The state and the words that a sent form means. A form has a field for each figure, and says in which units they are (`in`)
 * and which state it was made for (`was`); a URL has `observed` and `risk`, with their units.
 */
export function wordsFrom(fields: Words): { state: string; words: Words } {
  const { state = "", was = state, of = "", limit = "", station = "", ...rest } = fields;
  const {
    high = "",
    low = "",
    precipitation = "",
    in: system,
    latitude = "",
    longitude = "",
    ...others
  } = rest;
  const [degree, amount] = system === "us" ? ["F", "in"] : ["C", "mm"];
  const figures = [`${high}${degree}`, `${low}${degree}`, `${precipitation}${amount}`];
  const observed = high + low + precipitation === "" ? "" : figures.join(",");
  const sign = of === "low" ? "<" : ">";
  const asked = limit === "" ? usualLimits[of] : `${limit}${of === "precipitation" ? amount : degree}`;
  const risk = asked === undefined ? "" : of + sign + asked;
  // Another state has other stations.
  const place: Words =
    state !== was ? {} : latitude + longitude !== "" ? { latitude, longitude } : { station };
  return { state, words: trimmed({ ...place, ...others, observed, risk }) };
}

/** What is watched for where nobody gives a limit. */
const usualLimits: Words = { low: "0C", high: "30C", precipitation: "10mm" };

const trimmed = (words: Words): Words =>
  Object.fromEntries(
    Object.entries(words)
      .map(([name, word]) => [name, word.trim()] as const)
      .filter(([name, word]) => word !== "" && !(name === "units" && word === "metric")),
  );

/** What is watched for where nobody says: heat from May to September, frost else. @param start YYYY-MM-DD */
export const usualRisk = (start: string): string =>
  /^\d+-0[5-9]/.test(addDays(start, 0)) ? `high>${usualLimits["high"]}` : `low<${usualLimits["low"]}`;
