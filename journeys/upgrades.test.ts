import { readFileSync } from "node:fs";
import { forecastFrom, type Reply } from "@weather/contracts";
import { connect, type Conversation } from "@weather/queue-binding";
import { describe, expect } from "vitest";
import * as z from "zod";
import { test } from "./farm.ts";

// A farm is upgraded before its clients, and its replies grow.

const v1 = JSON.parse(
  readFileSync(new URL("../libs/contracts/contract.v1.json", import.meta.url), "utf8"),
) as { reply: z.core.JSONSchema.JSONSchema };

const ohio = forecastFrom("ohio");
/** The conversation as a client of version 1 knows it. */
const clients: Record<string, Pick<Conversation, "reply">> = {
  "of today": ohio,
  "of the first version": { reply: z.fromJSONSchema(v1.reply) },
};

const spread = { p10: -1, p50: 2.5, p90: 3 };
const station = { id: "KCMH", name: "Columbus", latitude: 39.99, longitude: -82.88 };
const made = { state: "ohio", station, issuedAt: "2026-11-23T12:00:00Z", server: "ohio-server@host:1" };
const model = { name: "climate-ensemble", members: 200, seed: 7 } as const;
const nws = { ...model, name: "nws", updatedAt: "2026-11-23T11:00:00Z", dressed: true } as const;
const date = "2026-11-23";
const precipitation = { chance: 0, mean: 0, p90: 0 };
const day = { date, high: spread, low: spread, precipitation, summary: "Dry" };

const replies: Reply[] = [
  { outcome: "forecast", ...made, model, days: [day, day] },
  {
    outcome: "forecast",
    ...made,
    model: nws,
    days: [{ ...day, high: { ...spread, basis: "nws" }, low: { ...spread, basis: "climate" } }],
  },
  {
    outcome: "risk",
    ...made,
    model,
    threshold: { of: "low", below: 0 },
    days: [{ date, chance: 0.4 }],
    chance: 0.4,
  },
  {
    outcome: "refused",
    state: "ohio",
    server: "ohio-server@host:1",
    reason: "invalid-request",
    message: "days: expected a whole number from 1 to 10, got 40",
    details: [{ path: "days", message: "expected a whole number from 1 to 10, got 40" }],
  },
];

/** The same value with an unknown field in each of its objects. */
function longer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(longer);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, longer(inner)]);
  return { ...Object.fromEntries(fields), wind: { gusts: [12, null], unit: "m/s" } };
}

const refuse = () => replies.at(-1);

for (const [which, { reply }] of Object.entries(clients)) {
  describe(`a client ${which}`, () => {
    for (const short of replies) {
      const { outcome } = short;
      const model = "model" in short ? ` of ${short.model.name}` : "";
      test(`reads a longer reply of a newer server, at every depth: ${outcome}${model}`, async ({
        vhost,
        afterwards,
      }) => {
        const broker = await connect(vhost.url, { name: "upgrades" });
        afterwards(() => broker.drain());
        await broker.answer({ ...ohio, reply: z.unknown(), strictReply: z.unknown() }, () => longer(short), {
          refuse,
        });
        expect(await broker.ask({ ...ohio, reply }, {})).toMatchObject(short);
      });
    }

    test("says that it does not know an outcome", async ({ vhost, afterwards }) => {
      const broker = await connect(vhost.url, { name: "upgrades" });
      afterwards(() => broker.drain());
      const climate = { ...replies[0], outcome: "climate" };
      await broker.answer({ ...ohio, reply: z.unknown(), strictReply: z.unknown() }, () => climate, {
        refuse,
      });
      await expect(broker.ask({ ...ohio, reply }, {})).rejects.toMatchObject({ name: "ValidationError" });
      await expect(broker.ask(ohio, {})).rejects.toThrow(
        'the reply does not fit: outcome: expected one of "forecast", "risk", "refused", got "climate"',
      );
    });
  });
}

describe("a server", () => {
  test("does not send a reply with fields beyond its contract", async ({ vhost, afterwards }) => {
    const broker = await connect(vhost.url, { name: "upgrades" });
    afterwards(() => broker.drain());
    const reasons: string[] = [];
    await broker.answer(ohio, () => longer(replies[0]) as Reply, {
      refuse: ({ reason, message }): Reply => {
        return { outcome: "refused", state: "ohio", server: "s", reason, message, details: [] };
      },
      onSettled: ({ error }) => reasons.push(String(error)),
    });
    expect(await broker.ask(ohio, {})).toMatchObject({ outcome: "refused", reason: "failed" });
    expect(reasons.at(-1)).toContain("unknown field wind");
  });
});
