import type { Stations } from "@weather/contracts";
import { describe, expect, it } from "vitest";
import { daysTable } from "./days-table.ts";
import { ensemble } from "../test/example.ts";
import { stationsTable } from "./stations-table.ts";
import { widthOf } from "./width.ts";

const wide = { width: Infinity, colour: false };
const series = [
  "USCRN OH Coshocton 8 NNE, 2006-11-09 to 2016-09-19",
  "USCRN OH Wooster 3 SSE, 2016-11-10 to 2024-04-07",
];
const columbus = {
  id: "KCMH",
  name: "Columbus John Glenn Intl",
  latitude: 39.9914,
  longitude: -82.8808,
  elevation: 246.9,
  timeZone: "America/New_York",
  fittedFrom: {
    temperature: "NCEI monthly normals 1991-2020, USW00014821",
    precipitation: "NCEI monthly normals 1981-2010, USW00014821 (no 1991-2020 figures at hand)",
    wetDays: "as daily (no normals at hand)",
    daily: series,
  },
};
const lent = { ...columbus, id: "KIND", name: "Indianapolis", borrowed: "indiana" };
const stations: Stations = {
  outcome: "stations",
  state: "ohio",
  server: "ohio-server@host:1",
  stations: [columbus, lent],
};

describe("the table of a farm's stations", () => {
  it.each([
    [160, "Station Name Latitude Longitude Elevation m Time zone Means from"],
    [120, "Station Name Latitude Longitude Elevation m Time zone Means from"],
    [80, "Station Name Latitude Longitude Elevation m Time zone"],
    [60, "Station Name Latitude Longitude Elevation m"],
  ])("fits %i columns, with the columns that have room there", (width, head) => {
    const lines = stationsTable(stations, { width, colour: false }).split("\n");
    expect(lines[1]?.trim().replace(/ +/g, " ")).toBe(head);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
  });

  it("fits any width from 20 columns", () => {
    for (let width = 20; width < 160; width += 3) {
      for (const line of stationsTable(stations, { width, colour: false }).split("\n")) {
        expect(widthOf(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
      }
    }
  });

  it("names each series once, and the state that a climate is borrowed from", () => {
    const lines = stationsTable(stations, wide).split("\n");
    expect(lines[0]).toBe("Stations of ohio");
    expect(lines[2]).toMatch(
      /^KCMH +Columbus John Glenn Intl +39\.99 +-82\.88 +247 {2}America\/New_York {2}NCEI monthly normals 1991-2020, USW00014821$/,
    );
    expect(lines[4]).toBe("  Climate borrowed from indiana");
    expect(lines).toContain(`Fitted to the daily series ${series.join("; ")}.`);
  });

  it("shows no escape sequence", () => {
    const evil = "\u001b]0;owned\u0007\u009b2J\u202e";
    const fittedFrom = { temperature: evil, precipitation: evil, wetDays: evil, daily: [evil] };
    const station = { ...columbus, name: evil, timeZone: evil, borrowed: evil, fittedFrom };
    const strange = { ...stations, state: evil, stations: [station] };
    for (const width of [Infinity, 60]) {
      expect(stationsTable(strange, { width, colour: false })).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    }
  });
});

describe("the answer for a place", () => {
  it("says how far away its station is", () => {
    const nearest = { latitude: 39.96, longitude: -83, distance: 10.7 };
    expect(daysTable({ ...ensemble(1), nearest }, 1, "metric", wide)).toContain(
      "(KCMH), ohio, 10.7 km from 39.96, -83\n",
    );
  });
});
