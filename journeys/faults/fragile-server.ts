import { forecastFrom, type Reply } from "@weather/contracts";
import { forecaster } from "@weather/forecast-model";
import { exampleClimate } from "@weather/forecast-model/example";
import { connect } from "@weather/queue-binding";
import { poison } from "./poison.ts";

// A server of Ohio with seeds that break its model.
const broker = await connect(process.env["AMQP_URL"] ?? "", { name: "fragile-server" });
const model = forecaster(exampleClimate);
const [station] = model.stations;
if (!station) throw new Error("the example has no station");

const handler = ({
  days,
  members,
  seed = 0,
}: {
  days: number;
  members: number;
  seed?: number;
}): Reply | Promise<Reply> => {
  if (seed >= poison.throws) console.log("tries a request that it does not stand");
  if (seed === poison.throws) throw new Error("bad luck");
  if (seed === poison.hangs) return new Promise<never>(() => {});
  if (seed === poison.ends) process.exit(1);
  const answer = { state: "ohio", station, issuedAt: new Date().toISOString(), server: "fragile" };
  return {
    outcome: "forecast",
    ...answer,
    model: { name: "climate-ensemble", members, seed },
    days: model.forecast({ station: station.id, start: "2026-11-23", days, members, seed }),
  };
};

await broker.answer(forecastFrom("ohio"), handler, {
  requestTimeout: 500,
  refuse: ({ reason, message }): Reply => ({
    outcome: "refused",
    state: "ohio",
    server: "fragile",
    reason,
    message,
    details: [],
  }),
});
process.once("SIGTERM", () => void broker.drain());
console.log("ohio-server answers");
