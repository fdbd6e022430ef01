import { readFileSync } from "node:fs";
import type { SecureContextOptions } from "node:tls";
import type { Options } from "amqplib";
import { checkText } from "../checks.ts";

/** The address of one broker node, for amqplib and for log lines. */
export interface BrokerAddress {
  readonly options: Options.Connect;
  /** The URL without its password. */
  readonly shown: string;
  /** Certificates and key from the files that the URL names. */
  readonly tls: SecureContextOptions;
}

/**
 * Reads one or several broker URLs, `amqp://user:password@host:5672/vhost`, separated by commas.
 *
 * An `amqps:` URL may name PEM files as RabbitMQ's own clients do (rabbitmq.com/docs/uri-query-parameters):
 * `?cacertfile=` for the CA of the broker, `certfile=` and `keyfile=` for the client. All addresses share one set.
 *
 * @param heartbeat seconds; a URL's own `?heartbeat=` takes precedence
 * @param password takes precedence over a URL's own
 * @throws `TypeError` if one is not an AMQP URL, or names a file that cannot be read; the message contains no password
 */
export function parseBrokerUrls(urls: string, heartbeat: number, password?: string): BrokerAddress[] {
  checkText("the broker URL", urls, { min: 0, max: Infinity });
  return urls.split(",").map((text) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    if (
      (url?.protocol !== "amqp:" && url?.protocol !== "amqps:") ||
      url.hostname === "" ||
      url.port === "0"
    ) {
      throw new TypeError(
        "a broker URL has the form amqp://user:password@host:5672/vhost or amqps://…; several are separated by commas",
      );
    }
    const protocol = url.protocol.slice(0, -1);
    const shown = new URL(url);
    shown.password = "";
    shown.search = "";
    const credentials = url.username !== "" || url.password !== "";
    return {
      shown: shown.href,
      tls: tlsFrom(url.searchParams),
      options: {
        protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ""),
        port: Number(url.port) || (protocol === "amqps" ? 5671 : 5672),
        username: credentials ? decoded(url.username) : "guest",
        password: password ?? (credentials ? decoded(url.password) : "guest"),
        vhost: url.pathname.slice(1),
        // RabbitMQ's default. amqplib's 4 kB are too few for a dead letter with as many headers as RabbitMQ allows.
        frameMax: 131_072,
        heartbeat: heartbeatFrom(url.searchParams) ?? heartbeat,
      },
    };
  });
}

/** Broker URLs without their passwords, for messages. @throws `TypeError` if one is no AMQP URL, as `connect` does */
export const withoutPasswords = (urls: string): string =>
  parseBrokerUrls(urls, 0)
    .map(({ shown }) => shown)
    .join(", ");

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError("in the user name and password of a broker URL, % is written as %25");
  }
}

function heartbeatFrom(parameters: URLSearchParams): number | undefined {
  const text = parameters.get("heartbeat");
  if (text === null) return undefined;
  if (!/^\d{1,4}$/.test(text)) {
    throw new TypeError(`heartbeat of the broker URL: expected seconds from 0 to 9999, got ${text}`);
  }
  return Number(text);
}

/** The `tls.connect` option of each parameter's file. */
const files = { cacertfile: "ca", certfile: "cert", keyfile: "key" } as const;

function tlsFrom(parameters: URLSearchParams): SecureContextOptions {
  const tls: SecureContextOptions = {};
  for (const [parameter, option] of Object.entries(files)) {
    const file = parameters.get(parameter);
    if (file === null) continue;
    try {
      tls[option] = readFileSync(file);
    } catch (error) {
      throw new TypeError(`${parameter} of the broker URL cannot be read: ${(error as Error).message}`);
    }
  }
  return tls;
}
