import { setTimeout as pause } from "node:timers/promises";
import { dateIn, isStateName, stateNames, type StateName, type UnitSystem } from "@weather/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { h } from "preact";
import assets from "../../page/assets.build.ts";
import { htmlDocument } from "../../page/document.tsx";
import { ForecastView } from "../../page/forecast/forecast-view.tsx";
import { addressOf, wordsFrom, type Words } from "../../page/forecast/form-words.ts";
import type { ForecastData, Refused } from "../../page/forecast/view-data.ts";
import type { Answers } from "../answers.ts";
import { gone } from "../gone.ts";
import type { Live } from "../live/live.ts";
import { answersFor, nearestState, refusedFrom, stationsOf, type KnownAnswers } from "../page-data.ts";
import { questionFrom } from "../query.ts";
import { sendPage } from "../send-page.ts";
import { farmsView, mapStation } from "./farms-page.ts";
import { known } from "../known.ts";

/** The style and the files of a view: each has a script of its own. */
const partsOf = (view: "forecast" | "farms") => ({
  view,
  style: assets.styles[view].text,
  files: { script: assets.files[view].path, icon: assets.files.icon.path },
});

/** How long a browser waits for a farm before it gets a page that says so, in milliseconds. */
const patience = 1_500;

/**
 * How long a page waits for the stations of its state, in milliseconds. A farm that is overloaded or away hardly answers this
 * either, so its 503 does not wait.
 */
const patienceForStations = (status: number | undefined) => (status === 503 ? 20 : 500);

/** `/` redirects to a forecast: that of the form, of a place, or else of the first state. `/farms` shows the farms. */
export function pageRoutes(http: FastifyInstance, answers: Answers, live: Live): void {
  http.get("/", async (request, reply) => {
    const { state, words } = wordsFrom(wordsOf(request));
    const [latitude, longitude] = [Number(words["latitude"]), Number(words["longitude"])];
    const isPlace = state === "" && Number.isFinite(latitude) && Number.isFinite(longitude);
    const near = isPlace ? await nearestState(answers, { latitude, longitude }, gone(reply)) : stateNames[0];
    const address = state === "" ? addressOf(near ?? "", { days: "10", ...words }) : addressOf(state, words);
    return reply
      .code(303)
      .headers({ "cache-control": "no-cache", location: address })
      .type("text/plain; charset=utf-8")
      .send(`The forecast is at ${address}\n`);
  });
  http.get("/farms", async (request, reply) => {
    const { farm = "" } = request.query as Words;
    const open = isStateName(farm) ? farm : undefined;
    const [event, stations] = await Promise.all([
      Promise.race([live.now(), later(patience)]),
      open && Promise.race([stationsOf(answers, open, gone(reply)), later(500)]),
    ]);
    const origin = originOf(request);
    const draw = () => {
      const view = farmsView({ origin, event, open, stations: stations?.map(mapStation), now: Date.now() });
      return htmlDocument({ title: "Farms", ...partsOf("farms") }, view);
    };
    const isWhole = event && (!open || stations);
    return sendPage(request, reply, draw, isWhole ? `farms ${origin} ${open} ${event.at}` : undefined);
  });
}

/** Answers with the forecast as a page. A problem also becomes a page, with its own status. */
export async function forecastPage(
  request: FastifyRequest<{ Params: { state: string } }>,
  reply: FastifyReply,
  answers: Answers,
): Promise<FastifyReply> {
  const words = wordsOf(request);
  const signal = gone(reply);
  let state: StateName = stateNames[0] ?? "ohio";
  let units: UnitSystem = "metric";
  let found: { answered?: KnownAnswers | undefined; refused?: Refused };
  try {
    state = known(request.params.state);
    ({ units } = questionFrom(words["units"] === undefined ? {} : { units: words["units"] }, state));
    // `answersFor` refuses a parameter that occurs twice.
    const asked = answersFor(answers, state, request.query as Words, signal);
    // A failure after the patience has passed is shown when the page asks again.
    asked.catch(() => {});
    found = { answered: await Promise.race([asked, later(patienceOf(request))]) };
  } catch (error) {
    const refused = refusedFrom(error, state);
    void reply.code(refused.status);
    if (refused.retryAfter !== undefined) void reply.header("retry-after", refused.retryAfter);
    found = { refused };
  }
  const own = found.answered ? [found.answered.forecast.station] : [];
  const soon = later(patienceForStations(found.refused?.status));
  const stations = (await Promise.race([stationsOf(answers, state, signal), soon])) ?? own;
  const origin = originOf(request);
  const today = dateIn(state, new Date());
  const data: ForecastData = { state, words, units, origin, today, stations, ...found };
  const draw = () => {
    const title = data.answered?.forecast.station.name ?? "Forecast";
    const theme = themes.find((theme) => theme === words["theme"]);
    return htmlDocument({ title, theme, ...partsOf("forecast") }, h(ForecastView, { data }));
  };
  const digest = found.answered?.digest;
  const key = digest && [origin, request.url, today, stations.length, digest].join(" ");
  return sendPage(request, reply, draw, key);
}

const originOf = ({ protocol, host }: FastifyRequest) => `${protocol}://${host}`;

const later = (milliseconds: number) => pause(milliseconds, undefined, { ref: false });

/** The query parameters that occur once. */
const wordsOf = ({ query }: FastifyRequest): Words =>
  Object.fromEntries(
    Object.entries(query as Record<string, unknown>).filter(
      (word): word is [string, string] => typeof word[1] === "string",
    ),
  );

const themes = ["light", "dark"] as const;

/** How long to wait for a farm, in milliseconds. The page's script asks for more: `Prefer: wait=10` (RFC 7240, 4.3; seconds). */
function patienceOf({ headers }: FastifyRequest): number {
  const [, seconds] = /\bwait=(\d{1,2})\b/.exec(String(headers["prefer"])) ?? [];
  return seconds === undefined ? patience : Number(seconds) * 1_000;
}
