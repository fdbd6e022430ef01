import { z } from "zod";
import { expected, oneOf, only } from "../fields.ts";
import { refusal } from "../reply.ts";
import { tolerant } from "../tolerant.ts";

/** Schema of a question to all servers of a state. */
export const statusRequest = only({
  kind: z.literal("status", expected('"status"')).describe("The state of the server process itself"),
}).describe("A question to every server of a state: how it does");

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
  server: z.string().describe("Which process this is: app@host:pid, as in other replies"),
  host: z.string(),
  pid: z.int().min(0),
  version: z.string().describe("Version of the program"),
  model: z.string().describe("What answers unless a request says: auto, climate, ensemble or nws"),
  uptime: z.number().min(0).describe("Seconds since the process started"),
  inFlight: count.describe("Requests that are being handled"),
  waiting: count.describe("Requests that were delivered to this process and are not begun"),
  answered: z
    .record(z.string(), count)
    .describe("Requests since the start, by what became of them: forecast, risk, refused, expired, …"),
  lastMinute: only({
    answered: count.describe("Requests that were answered in the last minute"),
    handler: times.describe("From the start of a request to its settlement; null where none was answered"),
    wait: times.describe(
      "From the sending of a request to its start, by callers whose clocks can be compared; null where there was none",
    ),
  }),
  clocks: z
    .string()
    .optional()
    .describe("Says that clocks of callers differ from this server's, where they do"),
  newestObservation: z.iso
    .date()
    .optional()
    .describe("The newest day of which this server knows an observation; none where it knows none"),
}).describe("How one server process does");

/** Schema of a server's reply. A server checks its own replies with it before it sends them. */
export const strictStatusReply = oneOf("outcome", [status, refusal]);

/** Schema of a reply as a client reads it. It ignores unknown fields. */
export const statusReply = tolerant(strictStatusReply);

export type StatusRequest = z.input<typeof statusRequest>;
export type StatusReply = z.output<typeof statusReply>;
export type Status = Extract<StatusReply, { outcome: "status" }>;
