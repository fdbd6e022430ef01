import { element, escaped, rounded } from "./element.ts";

/**
 * A line of values, scaled from 0 to the greatest one, with a dot on the newest one. An unknown value is a gap.
 *
 * @param name description for people who cannot see it: what it shows, and the newest value
 */
export function spark(
  values: readonly (number | undefined)[],
  name: string,
  width = 104,
  height = 24,
): string {
  const most = Math.max(...values.filter((value) => value !== undefined), 0) || 1;
  const right = width - 4;
  const x = (at: number) => (values.length > 1 ? (at / (values.length - 1)) * right : right);
  const y = (value: number) => height - 1.5 - (value / most) * (height - 4.5);
  let pen = "M";
  const path = values.map((value, at) => {
    if (value === undefined) {
      pen = "M";
      return "";
    }
    const point = `${pen}${rounded(x(at))} ${rounded(y(value))}`;
    pen = "L";
    return point;
  });
  const last = values.at(-1);
  return element(
    "svg",
    { class: "spark", width, height, viewBox: `0 0 ${width} ${height}`, role: "img" },
    element("title", {}, escaped(name)),
    element("path", { class: "base", d: `M0 ${height - 1.5}H${right}` }),
    element("path", { d: path.join("") || undefined }),
    last === undefined
      ? ""
      : element("path", { class: "last", d: `M${rounded(x(values.length - 1))} ${rounded(y(last))}h.01` }),
  );
}
