import { Readable } from "node:stream";
import {
  FieldError,
  forecastFrom,
  request as requestSchema,
  type Request,
  type StateName,
} from "@weather/contracts";
import { askEachAt, type AskOptions, type Broker } from "@weather/queue-binding";
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { logFault } from "../answer-problems.ts";
import { answered } from "../answer.ts";
import { gone, whenEnded } from "../gone.ts";
import { OpenQuestions } from "../open-questions.ts";
import { unknownParameter } from "../parameters.ts";
import { bodyOf, Problem, problemFrom, refused } from "../problem.ts";
import type { GatewaySettings } from "../settings.ts";
import { known } from "../known.ts";

/** The most questions in one list. */
const mostQuestions = 1_000;

/** How long a client may leave its answers unread, in milliseconds, in addition to the deadline of the farm. */
const readWithin = 10_000;

type Question = readonly [conversation: ReturnType<typeof forecastFrom>, request: Request];

/** `POST /v1/forecasts`: answers one question with JSON, and a list with one line for each reply as it comes. */
export function manyForecasts(
  http: FastifyInstance,
  brokerOf: (state: StateName) => Broker,
  { REQUEST_DEADLINE: deadline, MAX_IN_FLIGHT }: GatewaySettings,
  open: OpenQuestions,
): void {
  // Counted by themselves, so that a few lists cannot crowd out other clients.
  const openInLists = new OpenQuestions(Math.max(MAX_IN_FLIGHT, mostQuestions));

  http.post("/v1/forecasts", { onRequest: refuseUnreadable }, async (request, reply) => {
    const trace = request.headers;
    void reply.header("cache-control", "no-store");
    if (!Array.isArray(request.body)) {
      const [conversation, question] = questionFrom(request.body, "");
      const { state } = conversation;
      const signal = gone(reply);
      const end = open.begin([state]);
      try {
        const said = await brokerOf(state).ask(conversation, question, {
          deadline,
          signal,
          trace,
          together: true,
        });
        return await reply.send(answered(said));
      } finally {
        end();
      }
    }
    const list = request.body as unknown[];
    if (list.length > mostQuestions) {
      const message = `expected at most ${mostQuestions} questions, got ${list.length}`;
      throw new Problem(422, "Refused", message, { errors: [{ path: "", message }] });
    }
    const questions = questionsFrom(list);
    const end = openInLists.begin(questions.map(([{ state }]) => state));
    const left = new AbortController();
    whenEnded(reply, () => {
      end();
      left.abort(new Error("nobody reads the answers any more"));
    });
    // A client that does not read its answers would keep these places from others. Its connection is closed.
    reply.raw.setTimeout(deadline + readWithin);
    const all = lines(brokerOf, questions, { deadline, signal: left.signal, trace }, request);
    return reply.type("application/x-ndjson").send(Readable.from(all));
  });
}

/** Refuses what is wrong before the body is read. */
function refuseUnreadable(request: FastifyRequest, _: FastifyReply, done: HookHandlerDoneFunction) {
  const coding = request.headers["content-encoding"] ?? "identity";
  if (coding.toLowerCase() !== "identity") {
    done(new Problem(415, "Not JSON", `a body must not be encoded, got ${coding.slice(0, 40)}`));
  } else done(unknownParameter(request, "the body has all of the question"));
}

/** The answers as NDJSON. Logs the first failure of which the gateway or a farm is at fault: a list may have a thousand. */
async function* lines(
  brokerOf: (state: StateName) => Broker,
  questions: readonly Question[],
  options: AskOptions & { readonly signal: AbortSignal },
  request: FastifyRequest,
): AsyncGenerator<string> {
  const brokerFor = ([{ state }]: Question) => brokerOf(state);
  const all = askEachAt(brokerFor, questions, { ...options, concurrency: mostQuestions });
  let isLogged = false;
  for await (const { index, reply, error: failure } of all) {
    if (reply && reply.outcome !== "refused") {
      yield `${JSON.stringify({ index, reply })}\n`;
      continue;
    }
    const error = reply ? refused(reply) : (failure as Error);
    const known = problemFrom(error);
    const problem = known ?? new Problem(500, "Error", "the gateway made a mistake");
    const { status } = problem;
    if (status >= 500 && !isLogged && !options.signal.aborted) {
      isLogged = true;
      logFault(request, error, { status, known, index });
    }
    yield `${JSON.stringify({ index, problem: bodyOf(problem, request.id) })}\n`;
  }
}

/** Reads the questions of a list. @throws {FieldError} that names every field of every question that is wrong */
function questionsFrom(list: readonly unknown[]): Question[] {
  const issues: FieldError["issues"][number][] = [];
  const questions = list.flatMap((one, index) => {
    try {
      return [questionFrom(one, String(index))];
    } catch (error) {
      if (error instanceof FieldError) issues.push(...error.issues);
      else if (error instanceof Problem) issues.push({ path: `${index}.state`, message: error.message });
      else throw error;
      return [];
    }
  });
  if (issues.length > 0) throw new FieldError(issues);
  return questions;
}

/** Reads a question. @param at its place in the list, for the error @throws {FieldError|Problem} if it is not valid */
function questionFrom(body: unknown, at: string): Question {
  const path = (name: string) => [at, name].filter((part) => part !== "").join(".");
  if (typeof body !== "object" || body === null || !("state" in body) || typeof body.state !== "string") {
    const message = 'expected a question such as {"state": "ohio", "days": 3}';
    throw new FieldError([{ path: path("state"), message }]);
  }
  const { state, ...request } = body;
  const conversation = forecastFrom(known(state));
  const { error } = requestSchema.safeParse(request);
  if (!error) return [conversation, request];
  throw new FieldError(
    error.issues.map((issue) => ({ path: path(issue.path.join(".")), message: issue.message })),
  );
}
