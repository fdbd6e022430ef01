/** A place, in degrees north and east. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** A state or territory of the United States, with or without a farm, at the place of its capital, to 0.1 degrees. */
export interface UsState extends Place {
  /** Key, as in routing keys: lower case, words joined by hyphens. */
  key: string;
  /** Name as people write it. */
  name: string;
  /** Postal code, as NOAA's files use it. */
  code: string;
  /** IANA time zone of the capital. */
  timeZone: string;
}

const rows = `
AL|Alabama|America/Chicago|32.4|-86.3
AK|Alaska|America/Anchorage|58.3|-134.4
AZ|Arizona|America/Phoenix|33.4|-112.1
AR|Arkansas|America/Chicago|34.7|-92.3
CA|California|America/Los_Angeles|38.6|-121.5
CO|Colorado|America/Denver|39.7|-105.0
CT|Connecticut|America/New_York|41.8|-72.7
DE|Delaware|America/New_York|39.2|-75.5
DC|District of Columbia|America/New_York|38.9|-77.0
FL|Florida|America/New_York|30.4|-84.3
GA|Georgia|America/New_York|33.7|-84.4
HI|Hawaii|Pacific/Honolulu|21.3|-157.9
ID|Idaho|America/Boise|43.6|-116.2
IL|Illinois|America/Chicago|39.8|-89.7
IN|Indiana|America/Indiana/Indianapolis|39.8|-86.2
IA|Iowa|America/Chicago|41.6|-93.6
KS|Kansas|America/Chicago|39.0|-95.7
KY|Kentucky|America/New_York|38.2|-84.9
LA|Louisiana|America/Chicago|30.5|-91.1
ME|Maine|America/New_York|44.3|-69.8
MD|Maryland|America/New_York|39.0|-76.5
MA|Massachusetts|America/New_York|42.4|-71.1
MI|Michigan|America/Detroit|42.7|-84.6
MN|Minnesota|America/Chicago|45.0|-93.1
MS|Mississippi|America/Chicago|32.3|-90.2
MO|Missouri|America/Chicago|38.6|-92.2
MT|Montana|America/Denver|46.6|-112.0
NE|Nebraska|America/Chicago|40.8|-96.7
NV|Nevada|America/Los_Angeles|39.2|-119.8
NH|New Hampshire|America/New_York|43.2|-71.5
NJ|New Jersey|America/New_York|40.2|-74.8
NM|New Mexico|America/Denver|35.7|-105.9
NY|New York|America/New_York|42.7|-73.8
NC|North Carolina|America/New_York|35.8|-78.6
ND|North Dakota|America/Chicago|46.8|-100.8
OH|Ohio|America/New_York|40.0|-83.0
OK|Oklahoma|America/Chicago|35.5|-97.5
OR|Oregon|America/Los_Angeles|44.9|-123.0
PA|Pennsylvania|America/New_York|40.3|-76.9
RI|Rhode Island|America/New_York|41.8|-71.4
SC|South Carolina|America/New_York|34.0|-81.0
SD|South Dakota|America/Chicago|44.4|-100.3
TN|Tennessee|America/Chicago|36.2|-86.8
TX|Texas|America/Chicago|30.3|-97.7
UT|Utah|America/Denver|40.8|-111.9
VT|Vermont|America/New_York|44.3|-72.6
VA|Virginia|America/New_York|37.5|-77.4
WA|Washington|America/Los_Angeles|47.0|-122.9
WV|West Virginia|America/New_York|38.3|-81.6
WI|Wisconsin|America/Chicago|43.1|-89.4
WY|Wyoming|America/Denver|41.1|-104.8
AS|American Samoa|Pacific/Pago_Pago|-14.3|-170.7
GU|Guam|Pacific/Guam|13.5|144.8
MP|Northern Mariana Islands|Pacific/Saipan|15.2|145.7
PR|Puerto Rico|America/Puerto_Rico|18.5|-66.1
VI|US Virgin Islands|America/St_Thomas|18.3|-64.9
`;

export const usStates: readonly UsState[] = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [code, name, timeZone, latitude, longitude] = row.split("|") as [
      string,
      string,
      string,
      string,
      string,
    ];
    const key = keyOf(name);
    return { key, name, code, timeZone, latitude: Number(latitude), longitude: Number(longitude) };
  });

/** Finds a state by its key, name or postal code: `north-carolina`, `North Carolina`, `nc`. Nothing if there is none. */
export function usStateFrom(text: string): UsState | undefined {
  const key = keyOf(text);
  return usStates.find((state) => state.key === key || state.code.toLowerCase() === key);
}

/** The key for a name, as in routing keys. */
export function keyOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "-");
}
