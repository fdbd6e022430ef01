import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { AccessRefusedError, connect } from "../src/index.ts";

const named = (value: string) => [{ name: "commonName", value }];
const form = { keyType: "ec", algorithm: "sha256" } as const;

const authority = (name: string) =>
  generate(named(name), {
    ...form,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });

async function certificate(name: string) {
  const extensions = [
    { name: "basicConstraints" as const, cA: false },
    { name: "subjectAltName" as const, altNames: [{ type: 2 as const, value: name }] },
  ];
  return generate(named(name), { ...form, ca: { key: ours.private, cert: ours.cert }, extensions });
}

const ours = await authority("ours");
const another = await authority("another");

const folder = mkdtempSync(join(tmpdir(), "weather-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const cacertfile = file("ca.pem", ours.cert);
const wrongCa = file("another.pem", another.cert);

/** Asks the broker for the counts of a queue, which works only with a connection. */
async function says(url: string) {
  const broker = await connect(url, { name: "test" });
  const counts = await broker.counts({ queue: "none" });
  await broker.drain();
  return counts === undefined;
}

for (const mutual of [false, true]) {
  describe(`a broker with TLS that ${mutual ? "asks for a client certificate" : "shows a certificate"}`, () => {
    let broker: PrivateBroker;
    let certificates: Record<string, string>;
    const url = (parameters: Record<string, string>, host = "localhost") =>
      `amqps://guest:guest@${host}:${broker.tlsPort}?${new URLSearchParams(parameters).toString()}`;

    beforeAll(async () => {
      const { cert, private: key } = await certificate("localhost");
      const client = await certificate("client");
      broker = await PrivateBroker.start({
        server: serverForTests(),
        tls: { ca: ours.cert, cert, key, mutual },
      });
      const own = { certfile: file("client.pem", client.cert), keyfile: file("client.key", client.private) };
      certificates = { cacertfile, ...own };
    });
    afterAll(() => broker.stop());

    it("is trusted by a client that trusts its CA and shows a certificate of its own", async () => {
      expect(await says(url(certificates))).toBe(true);
    });

    it(`${mutual ? "refuses" : "takes"} a client that trusts its CA and shows none`, async () => {
      const end = says(url({ cacertfile }));
      if (!mutual) expect(await end).toBe(true);
      else await expect(end).rejects.toThrow(/no trusted TLS connection to amqps:\/\/guest@localhost/);
    });

    it("is not trusted by a client with another CA, or none, or with another host name", async () => {
      for (const wrong of [
        url({ ...certificates, cacertfile: wrongCa }),
        url({}),
        url(certificates, "127.0.0.1"),
      ]) {
        const end = await says(wrong).catch((error: unknown) => error);
        expect(end).toBeInstanceOf(AccessRefusedError);
        expect(String(end)).toContain("the broker's CA is the one that cacertfile names");
      }
    });
  });
}

it("a port without TLS is reported in one line, without OpenSSL's numbers and source paths", async () => {
  const plain = inject("broker").url.replace("amqp:", "amqps:");
  const error: unknown = await connect(plain, { name: "test" }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(AccessRefusedError);
  expect(String(error)).toMatch(
    /no trusted TLS connection to \S+: [a-z0-9 ]+\. Check that the port speaks TLS/,
  );
  expect(String(error)).not.toMatch(/\n|openssl|SSL routines|\.c:/);
});

it("a file that cannot be read is named", async () => {
  await expect(connect("amqps://localhost?cacertfile=/nowhere.pem", { name: "test" })).rejects.toThrow(
    /cacertfile of the broker URL cannot be read: ENOENT.*nowhere\.pem/,
  );
});
