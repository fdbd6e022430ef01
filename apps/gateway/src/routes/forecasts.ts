import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { Answer } from "../answer.ts";
import type { Answers } from "../answers.ts";
import { cached } from "../cached.ts";
import { formed, mediaTypes, suffixes, type Form } from "../forms.ts";
import { gone } from "../gone.ts";
import { known } from "../known.ts";
import { Problem } from "../problem.ts";
import { questionFrom } from "../query.ts";
import type { GatewaySettings } from "../settings.ts";
import { forecastPage } from "./page.ts";

type ForState = FastifyRequest<{ Params: { state: string } }>;

/** An answer in the form in which it was sent. */
interface Finished extends Pick<Answer, "digest" | "until"> {
  readonly form: Exclude<Form, "html">;
  readonly look: string;
  readonly body: string;
}

/** Size of the cache of finished answers, in characters. */
const maxSize = 4 * 1024 * 1024;

/** `GET /v1/forecasts/:state` for programs, and `GET /:state` for people: the same resource in several forms. */
export function forecasts(
  http: FastifyInstance,
  answers: Answers,
  { CACHE_ENTRIES: max }: GatewaySettings,
): void {
  const kept = new LRUCache<string, Finished>({
    maxSize,
    sizeCalculation: ({ body }, key) => body.length + key.length,
  });

  const answer = (forms: readonly Form[]) => (request: ForState, reply: FastifyReply) => {
    void reply.header("vary", "Accept");
    // The same URL and the same Accept mean the same until the answer may change.
    const key = `${request.url} ${request.headers.accept ?? ""}`;
    const finished = kept.get(key);
    if (!finished || finished.until <= Date.now()) return finish(key, forms, request, reply);
    send(finished, request, reply);
  };

  async function finish(key: string, forms: readonly Form[], request: ForState, reply: FastifyReply) {
    const [word, suffix] = splitted(request.params.state);
    const form = suffix === undefined ? formOf(request, forms, "a forecast") : (suffixes[suffix] as Form);
    if (form === "html") return forecastPage(request, reply, answers);
    const state = known(word);
    const { request: question, ...look } = questionFrom(request.query as Record<string, unknown>, state);
    const said = await answers.to(state, question, gone(reply), request.headers);
    const finished = {
      digest: said.digest,
      until: said.until,
      form,
      look: form === "json" ? form : `${form}-${look.units}${look.format ?? ""}${look.theme ?? ""}`,
      body: formed(said, form, look),
    };
    if (max > 0) kept.set(key, finished);
    send(finished, request, reply);
    return reply;
  }

  http.get("/v1/forecasts/:state", answer(["json", "text", "csv", "svg"]));
  http.get("/:state", answer(["text", "html", "json", "csv", "svg"]));
}

function send(finished: Finished, request: ForState, reply: FastifyReply): void {
  const { form, look, body } = finished;
  // A picture that is opened by itself has its style within. A 304 replaces the headers that a browser keeps.
  if (form === "svg") void reply.header("content-security-policy", pictureSecurity);
  if (cached(request, reply, finished, look)) void reply.code(304).send();
  else void reply.type(mediaTypes[form]).send(body);
}

const pictureSecurity = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** Splits a path into the word that names the state and the suffix that names a form. */
function splitted(path: string): [word: string, suffix: string | undefined] {
  const [, word = "", suffix] = /^(.*?)(?:\.(json|txt|csv|svg))?$/.exec(path) ?? [];
  return [word, suffix];
}

/** The form that `Accept` asks for. @param what names the resource in the error @throws {Problem} with status 406 */
export function formOf<One extends Form>(request: FastifyRequest, forms: readonly One[], what: string): One {
  // With its charset: a client may ask for `application/json; charset=utf-8`.
  const chosen = request.type(forms.map((form) => mediaTypes[form]));
  const form = forms.find((form) => mediaTypes[form] === chosen);
  if (form) return form;
  const types = forms.map((form) => mediaTypes[form].split(";")[0]).join(", ");
  throw new Problem(406, "Not acceptable", `${what} is ${types}`);
}
