import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { routesFrom } from "./routes.ts";

const folder = mkdtempSync(join(tmpdir(), "routes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const AMQP_URL = "amqp://localhost";
const names = ["ohio", "virginia", "texas"];

function routes(content: unknown) {
  const file = join(folder, "routes.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return routesFrom({ AMQP_URL, AMQP_PASSWORD_FILE: "secret", AMQP_ROUTES: file }, names);
}

describe("routes", () => {
  it("say which cluster serves a state, and which one all others", () => {
    const { of } = routes({ default: ["amqp://a"], states: { ohio: ["amqp://b:1", "amqps://c/vhost"] } });
    expect(of("ohio")).toEqual({ AMQP_URL: "amqp://b:1,amqps://c/vhost" });
    expect(of("virginia")).toEqual({ AMQP_URL: "amqp://a" });
    expect(of()).toEqual({ AMQP_URL: "amqp://a" });
  });

  it("are those of AMQP_URL, with its password, without a default in the file, and without a file", () => {
    const url = { AMQP_URL, AMQP_PASSWORD_FILE: "secret" };
    expect(routes({ states: { ohio: ["amqp://b"] } }).of("virginia")).toEqual(url);
    expect(routesFrom(url, names).of("ohio")).toEqual(url);
  });

  it.each([
    ["{", 'expected JSON such as {"default"'],
    [[], "Invalid input: expected object"],
    [{ defaults: ["amqp://a"] }, 'Unrecognized key: "defaults"'],
    [{ default: "amqp://a" }, "default: Invalid input: expected array"],
    [{ default: [] }, "default: expected at least one broker URL"],
    [
      { states: { ohio: ["amqp://a", "http://b"] } },
      "states.ohio.1: a broker URL has the form amqp://user:password@host:5672/vhost",
    ],
    [{ states: { ohoi: ["amqp://a"] } }, "states.ohoi: no state is called so"],
    [{ states: { ohio: ["amqps://a?cacertfile=/none"] } }, "cacertfile of the broker URL cannot be read"],
  ])("that are wrong are refused, with the file and the field: %j", (content, message) => {
    expect(() => routes(content)).toThrow(`AMQP_ROUTES: ${join(folder, "routes.json")}: `);
    expect(() => routes(content)).toThrow(message);
  });

  it("with a missing file are refused", () => {
    expect(() => routesFrom({ AMQP_URL, AMQP_ROUTES: "/none" }, names)).toThrow("AMQP_ROUTES: ENOENT");
  });

  it.each([
    '{"default": ["amqp://me:secret@a',
    { default: ["http://me:secret@a"] },
    { states: { ohio: "amqp://me:secret@a" } },
  ])("tell nobody a password: %j", (content) => {
    expect(() => routes(content)).toThrow(/^(?!.*secret)/s);
  });
});
