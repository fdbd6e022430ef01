import type { Stations } from "@weather/contracts";
import { note } from "./frame.ts";
import { painter } from "./paint.ts";
import { columnsFor, table, type Screen } from "./table.ts";
import { wrap } from "./width.ts";

type Station = Stations["stations"][0];

/** A table with a row for each station of a farm. Below it, the daily series that their climates were fitted to. */
export function stationsTable({ state, stations }: Stations, screen: Screen): string {
  const { width, colour } = screen;
  const paint = painter(colour);
  const heading = wrap(`Stations of ${state}`, width).map((line) => paint("bold", line));
  const series = [...new Set(stations.flatMap(({ fittedFrom }) => fittedFrom.daily))];
  const notes = [
    `Fitted to the daily series ${series.join("; ")}.`,
    "Without a place, the first station answers.",
  ];
  return [...heading, bodyOf(stations, screen), ...notes.map((text) => note(text, screen)), ""].join("\n");
}

function bodyOf(stations: readonly Station[], screen: Screen): string {
  const { text, figure } = columnsFor<Station>();
  const id = text("Station", ({ id }) => id);
  const name = text("Name", ({ name }) => name, { least: 16 });
  const place = [
    figure("Latitude", ({ latitude }) => latitude.toFixed(2)),
    figure("Longitude", ({ longitude }) => longitude.toFixed(2)),
    figure("Elevation m", ({ elevation }) => elevation.toFixed(0)),
  ];
  const zone = text("Time zone", ({ timeZone }) => timeZone);
  const normals = text("Means from", ({ fittedFrom }) => fittedFrom.temperature, { least: 30 });
  const below = ({ borrowed }: Station) =>
    borrowed === undefined ? [] : [`Climate borrowed from ${borrowed}`];
  return table(
    stations,
    [
      { columns: [id, name, ...place, zone, normals], below },
      // 80 columns
      { columns: [id, name, ...place, zone], below },
      // 60 columns
      { columns: [id, name, ...place], below },
    ],
    screen,
  );
}
