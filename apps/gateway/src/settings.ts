import { isIP } from "node:net";
import { duration, expected, processSettings, setting, whole } from "@weather/process";
import * as z from "zod";

/** Words that TRUST_PROXY may contain in addition to addresses. */
const proxyRanges = ["loopback", "linklocal", "uniquelocal"];

/** An IP address, a network in CIDR notation, or a name of such networks that Fastify knows. */
function isProxy(text: string): boolean {
  const [address = "", prefix, ...more] = text.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (prefix === undefined) return bits > 0 || proxyRanges.includes(text);
  return more.length === 0 && /^\d+$/.test(prefix) && Number(prefix) > 0 && Number(prefix) <= bits;
}

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

/** The settings of a gateway, in addition to those of every process. */
export const gatewaySettings = processSettings
  // Probes and metrics are on the gateway's own port.
  .omit({ HEALTH_PORT: true, HEALTH_HOST: true })
  .extend({
    AMQP_ROUTES: z
      .string()
      .optional()
      .describe("File that says which cluster serves which state; without it AMQP_URL serves all"),
    HEALTH_PORT: z.literal(0).default(0).describe("Not used: the probes are at GATEWAY_PORT"),
    HEALTH_HOST: z.undefined().optional(),
    MANAGEMENT_URL: z
      .string()
      .optional()
      .describe(
        "RabbitMQ's management API, with a user who may look: /v1/live has dead letters and the queues' rates",
      ),
    GATEWAY_PORT: setting(whole(0, 65_535)).default(8080).describe("Port of HTTP; 0 for any that is free"),
    GATEWAY_HOST: z
      .string()
      .default("127.0.0.1")
      .describe("Address that it listens on; 0.0.0.0 for every interface, as in a container"),
    REQUEST_DEADLINE: setting(duration("100ms", "5m"))
      .default(10_000)
      .describe("How long a farm may take to answer; then the reply is 504"),
    MAX_IN_FLIGHT: setting(whole(1, 100_000))
      .default(1_000)
      .describe("HTTP requests that may wait for one state's farm; further ones get 503 at once"),
    CACHE_ENTRIES: setting(whole(0, 1_000_000))
      .default(1_000)
      .describe("Replies that are cached until they may change; 0 for none"),
    RATE_LIMIT: setting(whole(0, 1_000_000))
      .default(0)
      .describe(
        "Requests a minute from one address; 0 for no limit. Behind a proxy, set TRUST_PROXY, or all clients share one limit",
      ),
    TRUST_PROXY: z
      .string()
      .transform((text) => text.split(",").map((proxy) => proxy.trim()))
      .refine(
        (proxies) => proxies.every(isProxy),
        expected("addresses or networks such as 10.0.0.7,192.168.0.0/16"),
      )
      .optional()
      .describe("Addresses of proxies whose X-Forwarded-For is believed, separated by commas"),
    CORS_ORIGIN: z
      .string()
      .refine(
        (text) => text === "*" || isOrigin(text),
        expected("* or an origin such as https://example.org, without a path"),
      )
      .optional()
      .describe("Origin whose pages may read replies, or * for all; none if not set"),
  });

export type GatewaySettings = z.output<typeof gatewaySettings>;
