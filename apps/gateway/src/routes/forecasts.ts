import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import Negotiator from "negotiator";
import type { Answers } from "../answers.ts";
import { cached } from "../cached.ts";
import type { Finished, FinishedAnswers } from "../finished-answers.ts";
import { formed, mediaTypes, suffixes, type Form } from "../forms.ts";
import { gone } from "../gone.ts";
import { known } from "../known.ts";
import { Problem } from "../problem.ts";
import { questionFrom } from "../query.ts";
import { forecastPage } from "./page.ts";

type ForState = FastifyRequest<{ Params: { state: string } }>;

/** `GET /v1/forecasts/:state` for programs, and `GET /:state` for people: the same resource in several forms. */
export function forecasts(http: FastifyInstance, answers: Answers, kept: FinishedAnswers): void {
  const answer = (forms: readonly Form[]) => (request: ForState, reply: FastifyReply) => {
    void reply.header("vary", "Accept");
    const finished = kept.get(request.raw);
    if (!finished) return finish(forms, request, reply);
    send(finished, request, reply, kept);
  };

  async function finish(forms: readonly Form[], request: ForState, reply: FastifyReply) {
    const [word, suffix] = splitted(request.params.state);
    const form = suffix === undefined ? formOf(request, forms, "a forecast") : (suffixes[suffix] as Form);
    if (form === "html") return forecastPage(request, reply, answers);
    const state = known(word);
    const { request: question, ...look } = questionFrom(request.query as Record<string, unknown>, state);
    const said = await answers.to(state, question, gone(reply), request.headers);
    const { units, format = "", theme = "" } = look;
    const finished: Finished = {
      etag: `"${said.digest}.${form === "json" ? form : `${form}-${units}${format}${theme}`}"`,
      until: said.until,
      type: mediaTypes[form],
      body: formed(said, form, look),
    };
    kept.keep(request.raw, finished);
    send(finished, request, reply);
    return reply;
  }

  http.get("/v1/forecasts/:state", answer(["json", "text", "csv", "svg"]));
  http.get("/:state", answer(["text", "html", "json", "csv", "svg"]));
}

/** @param kept keeps its head, too */
function send(finished: Finished, request: ForState, reply: FastifyReply, kept?: FinishedAnswers): void {
  const { type, body } = finished;
  // A picture that is opened by itself has its style within. A 304 replaces the headers that a browser keeps.
  if (type === mediaTypes.svg) void reply.header("content-security-policy", pictureSecurity);
  const isKnown = cached(request, reply, finished);
  kept?.keepHead(finished, reply);
  if (isKnown) void reply.code(304).send();
  else void reply.type(type).send(body);
}

const pictureSecurity = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** Splits a path into the word that names the state and the suffix that names a form. */
function splitted(path: string): [word: string, suffix: string | undefined] {
  const [, word = "", suffix] = /^(.*?)(?:\.(json|txt|csv|svg))?$/.exec(path) ?? [];
  return [word, suffix];
}

/** The form that `Accept` asks for. @param what names the resource in the error @throws {Problem} with status 406 */
export function formOf<One extends Form>(request: FastifyRequest, forms: readonly One[], what: string): One {
  // With their charsets: a client may ask for `application/json; charset=utf-8`.
  const types = forms.map((form) => mediaTypes[form]);
  const chosen = request.headers.accept ? new Negotiator(request.raw).mediaType(types) : types[0];
  const form = forms.find((form) => mediaTypes[form] === chosen);
  if (form) return form;
  const names = types.map((type) => type.split(";")[0]).join(", ");
  throw new Problem(406, "Not acceptable", `${what} is ${names}`);
}
