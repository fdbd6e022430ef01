import type { Stations } from "@weather/contracts";
import { note } from "./frame.ts";
import { painter } from "./paint.ts";
import { table, type Column, type Screen } from "./table.ts";
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
  const id: Column<Station> = { name: "Station", text: ({ id }) => id };
  const name: Column<Station> = { name: "Name", least: 16, text: ({ name }) => name };
  const figure = (name: string, text: (station: Station) => string): Column<Station> => ({
    name,
    align: "right",
    text,
  });
  const place = [
    figure("Latitude", ({ latitude }) => latitude.toFixed(2)),
    figure("Longitude", ({ longitude }) => longitude.toFixed(2)),
    figure("Elevation m", ({ elevation }) => elevation.toFixed(0)),
  ];
  const zone: Column<Station> = { name: "Time zone", text: ({ timeZone }) => timeZone };
  const normals: Column<Station> = {
    name: "Means from",
    least: 30,
    text: ({ fittedFrom }) => fittedFrom.temperature,
  };
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
