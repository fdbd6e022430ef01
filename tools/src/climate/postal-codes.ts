/** Postal codes of the states, as NOAA's files use them; keys as in routing keys. */
const postalCodes: Record<string, string> = Object.fromEntries(
  `AL alabama, AK alaska, AZ arizona, AR arkansas, CA california, CO colorado, CT connecticut, DE delaware, FL florida,
   GA georgia, HI hawaii, ID idaho, IL illinois, IN indiana, IA iowa, KS kansas, KY kentucky, LA louisiana, ME maine,
   MD maryland, MA massachusetts, MI michigan, MN minnesota, MS mississippi, MO missouri, MT montana, NE nebraska,
   NV nevada, NH new-hampshire, NJ new-jersey, NM new-mexico, NY new-york, NC north-carolina, ND north-dakota, OH ohio,
   OK oklahoma, OR oregon, PA pennsylvania, RI rhode-island, SC south-carolina, SD south-dakota, TN tennessee, TX texas,
   UT utah, VT vermont, VA virginia, WA washington, WV west-virginia, WI wisconsin, WY wyoming`
    .split(/,\s+/)
    .map((pair) => pair.trim().split(" ").reverse() as [string, string]),
);

/** @throws Error when there is no such state. */
export function postalCodeOf(state: string): string {
  const code = postalCodes[state];
  if (!code) throw new Error(`no state ${state}: expected a name such as ohio or north-carolina`);
  return code;
}
