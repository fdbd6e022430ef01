import { usState, type Place } from "../us-states.ts";

/**
 * Where the stations of the US Climate Reference Network stand that USCRN's daily files name, between the Rocky Mountains and
 * the Atlantic: NCEI's station list (www.ncei.noaa.gov/pub/data/uscrn/products/stations.tsv), to 0.01 degrees.
 */
const rows = `
AL Fairhope 3 NE|30.55|-87.88
AL Gadsden 19 N|34.29|-85.96
AL Selma 13 WNW|32.46|-87.24
AR Batesville 8 WNW|35.82|-91.78
FL Everglades City 5 NE|25.90|-81.32
FL Sebring 23 SSE|27.15|-81.37
FL Titusville 7 E|28.62|-80.69
GA Brunswick 23 S|30.81|-81.46
GA Newton 11 SW|31.19|-84.45
GA Newton 8 W|31.31|-84.47
GA Watkinsville 5 SSE|33.78|-83.39
IA Des Moines 17 E|41.56|-93.29
IL Champaign 9 SW|40.05|-88.37
IL Shabbona 5 NNE|41.84|-88.85
IN Bedford 5 WNW|38.89|-86.57
KS Manhattan 6 SSW|39.10|-96.61
KS Oakley 19 SSW|38.87|-100.96
KY Bowling Green 21 NNE|37.25|-86.23
KY Versailles 3 NNW|38.09|-84.75
LA Lafayette 13 SE|30.09|-91.87
LA Monroe 26 N|32.88|-92.12
ME Limestone 4 NNW|46.96|-67.88
ME Old Town 2 W|44.93|-68.70
MI Chatham 1 SE|46.33|-86.92
MI Gaylord 9 SSW|44.91|-84.72
MN Goodridge 12 NNW|48.31|-95.87
MN Sandstone 6 W|46.11|-92.99
MO Chillicothe 22 ENE|39.87|-93.15
MO Joplin 24 N|37.43|-94.58
MO Salem 10 W|37.63|-91.72
MS Holly Springs 4 N|34.82|-89.43
MS Newton 5 ENE|32.34|-89.07
NC Asheville 13 S|35.42|-82.56
NC Asheville 8 SSW|35.49|-82.61
NC Durham 11 W|35.97|-79.09
ND Jamestown 38 WSW|46.77|-99.48
ND Medora 7 E|46.89|-103.38
ND Northgate 5 ESE|48.97|-102.17
NE Harrison 20 SSE|42.42|-103.74
NE Lincoln 11 SW|40.70|-96.85
NE Lincoln 8 ENE|40.85|-96.57
NE Whitman 5 ENE|42.07|-101.45
NH Durham 2 N|43.17|-70.93
NH Durham 2 SSW|43.11|-70.95
NY Ithaca 13 E|42.44|-76.25
NY Millbrook 3 W|41.79|-73.74
OH Coshocton 8 NNE|40.37|-81.78
OH Wooster 3 SSE|40.76|-81.91
OK Goodwell 2 E|36.60|-101.60
OK Goodwell 2 SE|36.57|-101.61
OK Stillwater 2 W|36.12|-97.09
OK Stillwater 5 WNW|36.13|-97.11
ON Egbert 1 W|44.23|-79.78
PA Avondale 2 N|39.86|-75.79
RI Kingston 1 NW|41.49|-71.54
RI Kingston 1 W|41.48|-71.54
SC Blackville 3 W|33.36|-81.33
SC McClellanville 7 NE|33.15|-79.36
SD Aberdeen 35 WNW|45.71|-99.13
SD Buffalo 13 ESE|45.52|-103.30
SD Pierre 24 S|44.02|-100.35
SD Sioux Falls 14 NNE|43.73|-96.62
TN Crossville 7 NW|36.01|-85.13
TX Austin 33 NW|30.62|-98.08
TX Bronte 11 NNE|32.04|-100.25
TX Edinburg 17 NNE|26.53|-98.06
TX Monahans 6 ENE|31.62|-102.81
TX Muleshoe 19 S|33.96|-102.77
TX Palestine 6 WNW|31.78|-95.72
TX Panther Junction 2 N|29.35|-103.21
TX Port Aransas 32 NNE|28.30|-96.82
VA Cape Charles 5 ENE|37.29|-75.93
VA Charlottesville 2 SSE|38.00|-78.47
WI Necedah 5 WNW|44.06|-90.17
WV Elkins 21 ENE|39.01|-79.47
`;

const places = new Map(
  rows
    .trim()
    .split("\n")
    .map((row): [string, Place] => {
      const [name = "", latitude, longitude] = row.split("|");
      return [name.replaceAll(" ", "_"), { latitude: Number(latitude), longitude: Number(longitude) }];
    }),
);

/** Where a station such as OH_Wooster_3_SSE stands; where the list does not have it, the place of its state's capital. */
export function placeOf(station: string, state: string): { place: Place; placeGuessed: boolean } {
  const place = places.get(station);
  if (place) return { place, placeGuessed: false };
  const { latitude, longitude } = usState(state);
  return { place: { latitude, longitude }, placeGuessed: true };
}
