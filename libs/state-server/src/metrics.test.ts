import { Metrics } from "@weather/process/metrics";
import { expect, it } from "vitest";
import { RequestMetrics } from "./metrics.ts";

it("a server counts its requests by outcome, and those that it holds", async () => {
  const metrics = new Metrics({ state: "ohio" });
  const requests = new RequestMetrics(metrics);
  requests.watch({ inFlight: 3, waiting: 7 });
  const settled = {
    id: "1",
    routingKey: "weather.ohio",
    traceId: undefined,
    wait: undefined,
    milliseconds: 20,
    attempt: 1,
  };
  requests.count({ ...settled, outcome: "expired" });
  requests.count({ ...settled, outcome: "requeued" });
  requests.count({ ...settled, outcome: "dead-lettered", attempt: 3 });
  requests.returned();
  const text = await metrics.text();
  for (const line of [
    'weather_requests_total{outcome="expired",state="ohio"} 1',
    'weather_requests_total{outcome="requeued",state="ohio"} 1',
    'weather_requests_total{outcome="dead-lettered",state="ohio"} 1',
    'weather_request_duration_seconds_bucket{le="0.025",state="ohio"} 3',
    'weather_redeliveries_total{state="ohio"} 1',
    'weather_dead_letters_total{state="ohio"} 1',
    'weather_replies_returned_total{state="ohio"} 1',
    'weather_requests_in_flight{state="ohio"} 3',
    'weather_local_queue_length{state="ohio"} 7',
  ]) {
    expect(text).toContain(`\n${line}\n`);
  }
});
