import type { FarmReply } from "@weather/contracts";
import type { Logger } from "@weather/process";
import type { Settled } from "@weather/queue-binding";

/** Logs one line per request: a warning if it failed, else a debug line (`LOG_LEVEL=debug`). */
export function tell(log: Logger, settled: Settled<FarmReply>): void {
  const { id, traceId, outcome, routingKey, attempt, milliseconds, reply, error } = settled;
  if (error === undefined && !log.isLevelEnabled("debug")) return;
  const line = {
    id,
    ...(traceId !== undefined && { traceId }),
    routingKey,
    attempt,
    outcome,
    ...(reply?.outcome === "refused"
      ? { reason: reply.reason, message: reply.message }
      : reply && "station" in reply && { station: reply.station.id }),
    milliseconds: Math.round(milliseconds * 1_000) / 1_000,
  };
  if (error !== undefined) log.warn({ ...line, err: error }, "request failed");
  else log.debug(line, "request");
}
