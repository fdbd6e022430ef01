import { cpus } from "node:os";
import { forecastFrom } from "@weather/contracts";
import { connect, type Broker } from "@weather/queue-binding";
import { AppProcess, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";

const ohio = forecastFrom("ohio");
/** The model is the bottleneck: about 2 ms of computing each. */
const heavy = { days: 10, members: 2_000 };
/** The broker is: a few microseconds of computing each. */
const light = { days: 1, members: 10 };
const inFlight = 64;

/** Requests per second and latency against 1, 2 and 4 servers of one state; and what becomes of the requests while half of them stop. */
export async function scaleSuite(quick: boolean): Promise<void> {
  const seconds = quick ? 3 : 10;
  const broker = await PrivateBroker.start({ server: serverForTests() });
  const servers: AppProcess[] = [];
  const client = await connect(broker.url, { name: "bench" });
  const scaleTo = async (count: number) => {
    while (servers.length < count) {
      const environment = { AMQP_URL: broker.url, FORECAST_CACHE: "0", PREFETCH: "16" };
      const server = AppProcess.start("ohio-server", { environment });
      servers.push(server);
      await server.says("ohio-server answers");
    }
  };
  try {
    console.log(`\n## One state with more servers, ${inFlight} requests in flight\n`);
    console.log(
      `${cpus()[0]?.model}, ${cpus().length} cores, Node.js ${process.version}; \`npm run bench -- scale\`\n`,
    );
    console.log("| days | members | servers | requests/s | to one server | p50 ms | p99 ms | failed |");
    console.log("|---|---|---|---|---|---|---|---|");
    const alone = new Map<Asked, number>();
    for (const count of [1, 2, 4]) {
      await scaleTo(count);
      for (const asked of [heavy, light]) {
        await ask(client, asked, 1);
        const { perSecond, p50, p99, failed } = await ask(client, asked, seconds);
        if (count === 1) alone.set(asked, perSecond);
        const ratio = perSecond / (alone.get(asked) ?? NaN);
        const cells = [asked.days, asked.members, count, perSecond.toFixed(0), ratio.toFixed(2)];
        console.log(`| ${[...cells, p50.toFixed(1), p99.toFixed(1), failed].join(" | ")} |`);
      }
    }
    const asking = ask(client, heavy, seconds);
    await new Promise((resolve) => setTimeout(resolve, (seconds / 3) * 1_000));
    const stopped = await Promise.all(servers.splice(0, 2).map((server) => server.stop()));
    const { answered, failed } = await asking;
    console.log(
      `\nTwo of the four were stopped in the middle (exit codes ${stopped.join(", ")}): ${answered} requests answered, ${failed} failed.`,
    );
  } finally {
    await client.drain();
    await Promise.all(servers.map((server) => server.stop()));
    await broker.stop();
  }
}

interface Asked {
  days: number;
  members: number;
}

/** Asks without a break, each time something else. */
async function ask(client: Broker, asked: Asked, seconds: number) {
  const until = performance.now() + seconds * 1_000;
  const times: number[] = [];
  let failed = 0;
  let seed = 0;
  const loop = async () => {
    while (performance.now() < until) {
      const began = performance.now();
      const reply = await client.ask(ohio, { ...asked, seed: (seed += 1) }).catch(() => undefined);
      if (reply?.outcome === "forecast") times.push(performance.now() - began);
      else failed += 1;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, loop));
  const perSecond = times.length / ((performance.now() - began) / 1_000);
  times.sort((one, other) => one - other);
  const quantile = (share: number) => times[Math.floor(times.length * share)] ?? NaN;
  return { answered: times.length, failed, perSecond, p50: quantile(0.5), p99: quantile(0.99) };
}
