import type { Place } from "@weather/contracts";

/**
 * Albers' equal-area conic projection (Snyder, Map Projections: A Working Manual, USGS 1395, 1987, formulas 14-1 to 14-6)
 * of a sphere, as a part of the drawing of us-shapes.json. The numbers are those of d3-geo's `geoAlbersUsa`, which us-atlas uses.
 *
 * @param middle longitude whose meridian is upright
 * @param parallels of true scale
 * @param centre the place at `at`
 */
function albers(
  middle: number,
  parallels: [number, number],
  centre: Place,
  scale: number,
  at: [number, number],
) {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [south, north] = parallels.map((parallel) => Math.sin(radians(parallel))) as [number, number];
  const n = (south + north) / 2;
  const c = 1 + south * (2 * n - south);
  const flat = ({ latitude, longitude }: Place): [number, number] => {
    const radius = Math.sqrt(c - 2 * n * Math.sin(radians(latitude))) / n;
    const angle = n * radians(longitude - middle);
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  };
  const [x, y] = flat(centre);
  return (place: Place): [x: number, y: number] => {
    const [right, up] = flat(place);
    return [at[0] + scale * (right - x), at[1] - scale * (up - y)];
  };
}

const scale = 2_600;
const place = (latitude: number, longitude: number): Place => ({ latitude, longitude });
const states48 = albers(-96, [29.5, 45.5], place(38.7, -96.6), scale, [975, 610]);
const alaska = albers(-154, [55, 65], place(58.5, -156), scale * 0.35, [
  975 - 0.307 * scale,
  610 + 0.201 * scale,
]);
const hawaii = albers(-157, [8, 18], place(19.9, -160), scale, [975 - 0.205 * scale, 610 + 0.212 * scale]);

/** Where a place in the United States is on the drawing of us-shapes.json, 1,950 by 1,220 units. */
export const onMap = (place: Place): [x: number, y: number] =>
  place.latitude > 50 ? alaska(place) : place.longitude < -150 ? hawaii(place) : states48(place);
