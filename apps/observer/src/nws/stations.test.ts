import { readFileSync } from "node:fs";
import { stateNames } from "@weather/contracts";
import { expect, it } from "vitest";
import { stations } from "./stations.ts";

it("the National Weather Service is asked for the stations that the farms of Ohio and Virginia know", () => {
  for (const state of Object.keys(stations)) {
    expect(stateNames).toContain(state);
    const file = new URL(`../../../${state}-server/src/climate.json`, import.meta.url);
    const climate = JSON.parse(readFileSync(file, "utf8")) as { stations: { id: string }[] };
    expect(stations[state]?.toSorted()).toEqual(climate.stations.map(({ id }) => id).toSorted());
  }
});
