import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { dateIn, stateNames, type StateName, type UnitSystem } from "@weather/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { h } from "preact";
import assets from "../../page/assets.build.ts";
import { htmlDocument } from "../../page/document.tsx";
import { ForecastView } from "../../page/forecast/forecast-view.tsx";
import { addressOf, usualRisk, wordsFrom, type Words } from "../../page/forecast/form-words.ts";
import type { Answered, ForecastData } from "../../page/forecast/view-data.ts";
import { mediaTypes } from "../forms.ts";
import { gone } from "../gone.ts";
import { Problem, problemFrom } from "../problem.ts";
import { questionFrom } from "../query.ts";
import type { Answers } from "../answers.ts";
import { codingOf } from "./assets.ts";
import { farmsView } from "./farms-page.ts";
import { known } from "./forecasts.ts";

const files = { style: assets.style.path, script: assets.script.path, icon: assets.icon.path };

/** How long a browser waits for a farm before it gets a page that says so, in milliseconds. */
const patience = 1_500;

/** `/` leads to a forecast: that of the form that was sent, or of the first state. `/farms` is the farms' view. */
export function pageRoutes(http: FastifyInstance): void {
  http.get("/", (request, reply) => {
    const fields = request.query as Words;
    const { state, words } = wordsFrom(fields);
    const address =
      state === "" ? addressOf(stateNames[0] ?? "", { days: "10", ...words }) : addressOf(state, words);
    return reply.header("cache-control", "no-cache").type(mediaTypes.text).redirect(address, 303);
  });
  http.get("/farms", (request, reply) => {
    const { farm } = request.query as Words;
    const view = farmsView(undefined, farm, Date.now());
    return sent(request, reply, htmlDocument({ title: "Farms", view: "farms", files }, view));
  });
}

/** The forecast as a page; a problem is one as well. */
export async function forecastPage(
  request: FastifyRequest<{ Params: { state: string } }>,
  reply: FastifyReply,
  answers: Answers,
): Promise<FastifyReply> {
  const words = request.query as Words;
  const origin = `${request.protocol}://${request.host}`;
  let state = stateNames[0] as StateName;
  let units: UnitSystem = "metric";
  let theme: "light" | "dark" | undefined;
  const shared = () => ({ state, words, units, origin, stations: [], today: dateIn(state, new Date()) });
  let data: ForecastData;
  try {
    state = known(request.params.state);
    ({ units, theme } = questionFrom(
      { units: words["units"] ?? "metric", ...(words["theme"] && { theme: words["theme"] }) },
      state,
    ));
    const asked = askAll(answers, state, words, gone(reply));
    const answered = await Promise.race([asked, pause(patience, undefined)]);
    // Whoever waits no longer is told later; that it failed is told then.
    asked.catch(() => {});
    const stations = answered ? [answered.forecast.station] : [];
    data = { ...shared(), stations, answered };
  } catch (error) {
    const problem = problemFrom(error);
    if (!problem) throw error;
    const { status, title, message, more, retryAfter } = problem;
    void reply.code(status);
    if (retryAfter !== undefined) void reply.header("retry-after", retryAfter);
    data = { ...shared(), refused: { status, title, detail: message, retryAfter, ...more } };
  }
  const title = data.answered?.forecast.station.name ?? "Forecast";
  return sent(
    request,
    reply,
    htmlDocument({ title, view: "forecast", files, theme }, h(ForecastView, { data })),
  );
}

/** The forecast, and what the page shows beside it. Only the forecast must succeed. */
async function askAll(
  answers: Answers,
  state: StateName,
  { risk, format: _, ...words }: Words,
  signal: AbortSignal,
): Promise<Answered> {
  const { request } = questionFrom(words, state);
  const start = request.start ?? dateIn(state, new Date());
  const { request: riskRequest } = questionFrom({ ...words, risk: risk ?? usualRisk(start) }, state);
  const { observed: __, ...plain } = request;
  const { observed: ___, ...plainRisk } = riskRequest;
  const [forecast, ...others] = await Promise.allSettled(
    [
      request,
      { ...plain, model: "climate" as const },
      riskRequest,
      { ...plainRisk, model: "climate" as const },
    ].map(async (one) => (await answers.to(state, one, signal)).reply),
  );
  if (forecast?.status !== "fulfilled") throw forecast?.reason;
  const [climate, chances, usual] = others.map((one) => (one.status === "fulfilled" ? one.value : undefined));
  if (forecast.value.outcome !== "forecast")
    throw new Problem(502, "The reply does not fit", "expected a forecast");
  return {
    forecast: forecast.value,
    climate: climate?.outcome === "forecast" ? climate : undefined,
    risk: chances?.outcome === "risk" ? chances : undefined,
    usualRisk: usual?.outcome === "risk" ? usual : undefined,
  };
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Sends a page as small as the browser takes it; 304 where it has it already. */
async function sent(request: FastifyRequest, reply: FastifyReply, html: string): Promise<FastifyReply> {
  const coding = codingOf(request.headers["accept-encoding"]);
  const etag = `"${createHash("sha256").update(html).digest("base64url").slice(0, 22)}.${coding}"`;
  void reply
    .header("vary", "Accept, Accept-Encoding")
    .header("cache-control", "no-cache")
    .header("etag", etag);
  if (reply.statusCode === 200 && request.headers["if-none-match"] === etag) return reply.code(304).send();
  void reply.type(mediaTypes.html);
  if (coding === "identity") return reply.send(html);
  const bytes = await (coding === "br"
    ? brotli(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
    : gzipped(html));
  return reply.header("content-encoding", coding).send(bytes);
}
