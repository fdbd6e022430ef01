import { readFileSync } from "node:fs";
import type { Reply, Request } from "@weather/contracts";
import { forecaster } from "@weather/forecast-model";

/**
 * Answers with a forecast that was made before, so that the benchmark measures the messages and not the model.
 *
 * @param climate path of a climate.json
 */
export function readily(climate: string): (request: Request) => Reply {
  const { stations, forecast } = forecaster(JSON.parse(readFileSync(climate, "utf8")));
  const [station] = stations;
  if (!station) throw new Error(`${climate} has no station`);
  const asked = { station: station.id, start: "2026-11-23", days: 5, members: 200, seed: 7 };
  const days = forecast(asked);
  return ({ seed = 0 }) => ({
    outcome: "forecast",
    state: "ohio",
    station,
    issuedAt: new Date().toISOString(),
    server: `bench:${process.pid}`,
    model: { name: "climate-ensemble", members: 200, seed },
    days,
  });
}
