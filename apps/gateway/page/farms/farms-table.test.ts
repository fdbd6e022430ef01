import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { expect, test } from "vitest";
import { eventAt, farmOf, noon } from "./example.ts";
import { FarmsTable } from "./farms-table.tsx";
import { LiveFarms } from "./live-farms.ts";

/** The table of Ohio's farm with its servers, after these states of the farm: one each second. */
function tableAfter(...farms: ReturnType<typeof farmOf>[]): string {
  const live = new LiveFarms();
  farms.forEach((farm, second) => live.take(eventAt(second, [farm]), noon + second * 1_000));
  const now = noon + (farms.length - 1) * 1_000;
  const shown = live.view(now)?.farms ?? [];
  return renderToString(h(FarmsTable, { farms: shown, open: "ohio", asked: undefined, now }));
}

test("a server that has gone leaves its requests to the others, or to the next one", () => {
  const both = farmOf("ohio", [1, 2], 0);
  expect(tableAfter(both, farmOf("ohio", [1], 1))).toContain("the requests that it held go to other servers");
  const nobody = tableAfter(both, farmOf("ohio", [], 1, { waiting: 1 }));
  expect(nobody).toContain("the requests that it held wait for a server");
  expect(nobody).toContain("Its queue is there with 1 request waiting.");
});

test("if all servers are silent, the table says since when", () => {
  const silent = farmOf("ohio", [], 1, { servers: 2, silent: 2, reportedAt: "2026-11-26T12:00:00Z" });
  const table = tableAfter(farmOf("ohio", [1, 2], 0), silent);
  expect(table).toContain("2 servers did not report");
  expect(table).toContain("The last report is of 12:00:00 UTC.");
});

test("figures of servers are old with those of their farm", () => {
  const farm = farmOf("ohio", [1], 0);
  expect(tableAfter(farm)).toContain('class="cards servers"');
  expect(tableAfter(farm, farm, farm, farm, farm)).toContain('class="cards servers old"');
});

test("a zero is grey, also if it is an estimate or a time", () => {
  const table = tableAfter(farmOf("ohio", [1], 0, { inFlight: 0, silent: 1, wait: { p50: 0.01, p99: 2 } }));
  for (const zero of ["≈ 0", "0.0"]) expect(table).toContain(`<span class="quiet">${zero}</span>`);
});
