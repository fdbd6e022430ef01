import { stateFrom, InputError, type StateName } from "@weather/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Answers } from "../answers.ts";
import { formed, mediaTypes, suffixes, type Form } from "../forms.ts";
import { gone } from "../gone.ts";
import { Problem } from "../problem.ts";
import { questionFrom } from "../query.ts";
import { forecastPage } from "./page.ts";

type ForState = FastifyRequest<{ Params: { state: string } }>;

/** `GET /v1/forecasts/:state` for programs, `GET /:state` for people: one resource in several forms. */
export function forecasts(http: FastifyInstance, answers: Answers): void {
  const answer = (forms: readonly Form[]) => async (request: ForState, reply: FastifyReply) => {
    void reply.header("vary", "Accept");
    const [word, suffix] = splitted(request.params.state);
    const form = suffix === undefined ? formOf(request, forms) : (suffixes[suffix] as Form);
    if (form === "html") return forecastPage(request, reply, answers);
    const state = known(word);
    const { request: question, ...look } = questionFrom(request.query as Record<string, unknown>, state);
    const { reply: said, digest, until } = await answers.to(state, question, gone(reply));
    const seconds = Math.max(0, Math.floor((until - Date.now()) / 1_000));
    const looks = form === "json" ? form : `${form}-${look.units}${look.format ?? ""}${look.theme ?? ""}`;
    const etag = `"${digest}.${looks}"`;
    void reply
      .header("etag", etag)
      .header("cache-control", `public, max-age=${seconds}`)
      .header("x-content-type-options", "nosniff");
    // A picture that is opened by itself has its style within. A 304 replaces the headers that a browser keeps.
    if (form === "svg") void reply.header("content-security-policy", pictureSecurity);
    if (matches(request.headers["if-none-match"], etag)) return reply.code(304).send();
    void reply.type(mediaTypes[form]);
    return reply.send(formed(said, form, look));
  };
  http.get("/v1/forecasts/:state", answer(["json", "text", "csv", "svg"]));
  http.get("/:state", answer(["text", "html", "json", "csv", "svg"]));
}

const pictureSecurity = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** The state's word, and the suffix that names a form. */
function splitted(path: string): [word: string, suffix: string | undefined] {
  const [, word = "", suffix] = /^(.*?)(?:\.(json|txt|csv|svg))?$/.exec(path) ?? [];
  return [word, suffix];
}

/** The form that `Accept` asks for. @throws {Problem} 406 */
function formOf(request: ForState, forms: readonly Form[]): Form {
  const chosen = request.type(forms as string[]);
  if (typeof chosen === "string") return chosen as Form;
  const types = forms.map((form) => mediaTypes[form].split(";")[0]).join(", ");
  throw new Problem(406, "Not acceptable", `a forecast is ${types}`);
}

/** @throws {Problem} 404 if there is no such state, or it has no farm */
export function known(word: string): StateName {
  try {
    return stateFrom(word);
  } catch (error) {
    if (error instanceof InputError) throw new Problem(404, "No such state", error.message);
    throw error;
  }
}

/** Whether the client has this already (RFC 9110, 13.1.2). */
export const matches = (header: string | undefined, etag: string) =>
  header?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag || one.trim() === "*") ?? false;
