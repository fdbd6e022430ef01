import { farmOf, forecastFrom, type Reply } from "@weather/contracts";
import { Metrics } from "@weather/process/metrics";
import { connect } from "@weather/queue-binding";
import { RequestMetrics } from "@weather/state-server/metrics";
import { readily } from "./readily.ts";

// A program: a server with all promises and counters of ours. Environment: AMQP_URL. Argument: a climate.json.
const ready = readily(process.argv[2] ?? "");
const metrics = new RequestMetrics(new Metrics({ state: "ohio" }));
const broker = await connect(process.env["AMQP_URL"] ?? "", { name: "bench" });
// It checks its replies as a farm's server does: with the compiled schema.
const ohio = { ...forecastFrom("ohio"), strictReply: farmOf("ohio").strictReply };
await broker.answer(ohio, ready, {
  prefetch: 256,
  refuse: ({ reason, message }): Reply => {
    throw new Error(`${reason}: ${message}`);
  },
  onSettled: (settled) => metrics.count(settled),
});
process.once("SIGTERM", () => void broker.drain());
console.log("our-server answers");
