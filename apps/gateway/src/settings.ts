import { duration, processSettings, setting, whole } from "@weather/process";
import { z } from "zod";

/** The settings of a gateway, beside those that every process has. */
export const gatewaySettings = processSettings
  // Probes and metrics are on the gateway's own port.
  .omit({ HEALTH_PORT: true, HEALTH_HOST: true })
  .extend({
    HEALTH_PORT: z.literal(0).default(0).describe("Not used: the probes are at GATEWAY_PORT"),
    HEALTH_HOST: z.undefined().optional(),
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
      .describe("HTTP requests that may wait for farms at once; what is beyond gets 503 at once"),
    CACHE_ENTRIES: setting(whole(0, 1_000_000))
      .default(1_000)
      .describe("Replies that are kept until they change; 0 for none"),
    RATE_LIMIT: setting(whole(0, 1_000_000))
      .default(0)
      .describe(
        "Requests a minute from one address; 0 for any number, because behind a proxy all come from its address",
      ),
    TRUST_PROXY: z
      .string()
      .optional()
      .describe("Addresses of proxies whose X-Forwarded-For is believed, separated by commas"),
    CORS_ORIGIN: z
      .string()
      .optional()
      .describe("Origin whose pages may read replies, or * for all; none if not set"),
  });

export type GatewaySettings = z.output<typeof gatewaySettings>;
