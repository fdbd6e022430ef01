import { forecastFrom, type Reply, type Request } from "@weather/contracts";
import { connect, type Conversation } from "@weather/queue-binding";
import { obey, Tally, type Answered } from "./answered.ts";
import { echoFrom, type Echo } from "./echo.ts";
import { rawClient } from "./raw.ts";

// A program: a client that asks as its parent tells it. Arguments: CONTENDER URL.

/** The client under test: ours, or bare amqplib. */
export type Contender = "ours" | "raw";

export interface Workload {
  /** Forecasts of Ohio, each with another seed unless one is given. Or these echoes in turn. */
  asked: { forecast: Request } | { echoes: string[]; work: number; text: string };
  /** Requests in flight at once. */
  inFlight: number;
  /** The load ends after so many seconds, or so many requests. */
  seconds?: number;
  count?: number;
  /** Whether many questions may travel in one message. Then no times are taken. */
  together?: boolean;
}

type Asked = { seed: number } | { number: number; text: string };
type Question = readonly [conversation: Conversation, request: Asked];

const ohio = forecastFrom("ohio");
let number = Math.floor(Math.random() * 1e9);

/** @returns a function that makes the next question */
function questions(asked: Workload["asked"]): () => Question {
  if ("forecast" in asked) {
    const { forecast } = asked;
    return () => [ohio, { ...forecast, seed: forecast.seed ?? (number += 1) }];
  }
  const { work, text } = asked;
  const echoes = asked.echoes.map(echoFrom);
  return () => [echoes[(number += 1) % echoes.length] as Conversation, { number, work, text }];
}

function answers(reply: unknown, asked: Asked): boolean {
  if ("seed" in asked) {
    const forecast = reply as Reply | undefined;
    if (forecast?.outcome !== "forecast") return false;
    return "seed" in forecast.model && forecast.model.seed === asked.seed;
  }
  const echo = reply as Echo | undefined;
  return echo?.number === asked.number && echo.text === asked.text;
}

const [contender, url = ""] = process.argv.slice(2);
const broker = contender === "raw" ? undefined : await connect(url, { name: "bench", maxInFlight: 20_000 });
const ask = broker
  ? (conversation: Conversation, request: unknown) => broker.ask(conversation, request, { deadline: 60_000 })
  : await rawClient(url);

async function load({
  asked,
  inFlight,
  seconds = Infinity,
  count = Infinity,
  together,
}: Workload): Promise<Answered> {
  const next = questions(asked);
  const tally = new Tally();
  let taken = 0;
  const goesOn = () => tally.last - tally.began < seconds * 1_000 && (taken += 1) <= count;
  const settle = (reply: unknown, request: Asked) =>
    answers(reply, request) ? tally.count(1) : tally.count(0, 1);
  const loop = async () => {
    for (let asking = tally.began; goesOn();) {
      const [conversation, request] = next();
      const now = settle(await ask(conversation, request).catch(() => undefined), request);
      tally.time(now - asking);
      asking = now;
    }
  };
  function* list(): Generator<Question> {
    while (goesOn()) yield next();
  }
  if (together && broker) {
    const each = broker.askEach(list(), { concurrency: inFlight, deadline: 60_000 });
    for await (const { question, reply } of each) settle(reply, question[1]);
  } else await Promise.all(Array.from({ length: inFlight }, loop));
  return tally.result();
}

obey(load);
