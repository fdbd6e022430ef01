import { readFileSync } from "node:fs";
import { stateNames } from "@weather/contracts";
import { expect, it } from "vitest";
import { stations } from "./stations.ts";

it("the National Weather Service is asked once for each station that a farm knows", () => {
  const known = stateNames.flatMap((state) => {
    const file = new URL(`../../../${state}-server/src/climate.json`, import.meta.url);
    return (JSON.parse(readFileSync(file, "utf8")) as { stations: { id: string }[] }).stations;
  });
  // A state may borrow the stations of another.
  const ids = [...new Set(known.map(({ id }) => id))];
  expect(Object.values(stations).flat().toSorted()).toEqual(ids.toSorted());
});
