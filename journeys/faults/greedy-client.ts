import { setImmediate as turn } from "node:timers/promises";
import { forecastFrom } from "@weather/contracts";
import { connect } from "@weather/queue-binding";

// A client that asks without end, even without answers. It prints its memory.
const broker = await connect(process.env["AMQP_URL"] ?? "", { name: "greedy-client" });
const ohio = forecastFrom("ohio");
const refused = new Map<string, number>();

let told = performance.now();
for (let seed = 0; ; seed = (seed + 1) % 2 ** 32) {
  broker.ask(ohio, { seed }, { deadline: 60_000 }).catch(({ name }: Error) => {
    refused.set(name, (refused.get(name) ?? 0) + 1);
  });
  if (seed % 100 !== 0) continue;
  await turn();
  if (performance.now() - told < 200) continue;
  told = performance.now();
  console.log(
    `${Math.round(process.memoryUsage.rss() / 1e6)} MB ${JSON.stringify(Object.fromEntries(refused))}`,
  );
}
