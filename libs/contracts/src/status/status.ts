import * as z from "zod";
import { expected, oneOf, only } from "../fields.ts";
import { refusal } from "../reply.ts";
import { tolerant } from "../tolerant.ts";

/** Schema of a question to all servers of a state. */
export const statusRequest = only({
  kind: z.literal("status", expected('"status"')).describe("A question about the server process"),
}).describe("A question to every server process of a state about its load");

const count = z.int().min(0);
const milliseconds = z.number().min(0);

const times = only({
  p50: milliseconds.describe("Median, ms"),
  p99: milliseconds.describe("99th percentile, ms"),
}).nullable();

const status = only({
  outcome: z.literal("status"),
  state: z.string(),
  app: z.string().describe("Name of the program"),
  server: z.string().describe("Name of the process: app@host:pid, as in other replies"),
  host: z.string(),
  pid: z.int().min(0),
  version: z.string().describe("Version of the program"),
  model: z.string().describe("Model of a request that names none: auto, climate, ensemble or nws"),
  uptime: z.number().min(0).describe("Seconds since the process started"),
  inFlight: count.describe("Requests that are being handled"),
  waiting: count.describe("Requests that were delivered to this process and are not begun"),
  answered: z
    .record(z.string(), count)
    .describe("Requests since the start, by outcome: forecast, risk, refused, expired, …"),
  lastMinute: only({
    answered: count.describe("Requests that were answered in the last minute"),
    handler: times.describe("Time from the start of a request to its settlement; null if none was answered"),
    wait: times.describe(
      "Time from the sending of a request to its start, for callers with a comparable clock; null if there was none",
    ),
  }),
  clocks: z.string().optional().describe("A note, if clocks of callers differ from this server's"),
  newestObservation: z.iso
    .date()
    .optional()
    .describe("The newest day of which this server has an observation. Left out if it has none"),
}).describe("The load of one server process");

/** Schema of a server's reply. A server checks its own replies with it before it sends them. */
export const strictStatusReply = oneOf("outcome", [status, refusal]);

/** Schema of a reply as a client reads it. It ignores unknown fields. */
export const statusReply = tolerant(strictStatusReply);

export type StatusReply = z.output<typeof statusReply>;
export type Status = Extract<StatusReply, { outcome: "status" }>;
