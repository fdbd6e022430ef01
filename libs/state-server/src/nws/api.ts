import { Agent, interceptors, request, type Dispatcher } from "undici";
import type { z } from "zod";
import { NoLiveForecast } from "../live-forecast.ts";
import { points } from "./answers.ts";

const official = "https://api.weather.gov";
/** Longest answer that is read, in bytes. A gridpoint has about 200 kB. */
const longestAnswer = 4 * 1024 * 1024;

/**
 * Reads api.weather.gov as its FAQ asks (https://weather-gov.github.io/api/general-faqs): says who calls, keeps
 * answers as long as their Cache-Control or Expires allows, asks then whether they have changed, and waits longer
 * before each new try. What is under way is not asked a second time.
 */
export class Api {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #dispatcher: Dispatcher;

  /**
   * @param url Where it is, without a slash at the end.
   * @param contact How NWS can reach whoever runs this.
   */
  constructor(url: string, contact: string) {
    this.#url = url;
    this.#headers = { "user-agent": `weather-farm (${contact})`, accept: "application/geo+json" };
    // The last one sees a request first.
    this.#dispatcher = new Agent({ maxResponseSize: longestAnswer }).compose(
      interceptors.retry({ maxRetries: 3, minTimeout: 250, throwOnError: false }),
      interceptors.cache({ type: "private" }),
      interceptors.deduplicate(),
      interceptors.redirect({ maxRedirections: 3 }),
    );
  }

  /** Where a place lies in the grid. NWS takes no more than four decimals. @throws {NoLiveForecast} */
  points({ latitude, longitude }: { latitude: number; longitude: number }, signal: AbortSignal) {
    const place = [latitude, longitude].map((degrees) => Number(degrees.toFixed(4)));
    return this.read(`${official}/points/${place.join(",")}`, points, signal);
  }

  /**
   * Reads an answer that has this shape.
   *
   * @param address As NWS writes it; a mirror is asked for the same path.
   * @throws {NoLiveForecast} if there is no such answer, with what NWS said
   */
  async read<Shape extends z.ZodType>(
    address: string,
    shape: Shape,
    signal: AbortSignal,
  ): Promise<z.output<Shape>> {
    const url = address.startsWith(`${official}/`) ? this.#url + address.slice(official.length) : address;
    const { statusCode, text } = await this.#get(url, signal);
    const body = parsed(text);
    if (statusCode !== 200) throw new NoLiveForecast(`${url} answered ${statusCode}: ${problem(body)}`);
    const read = shape.safeParse(body);
    if (read.success) return read.data;
    const { path, message } = read.error.issues[0]!;
    throw new NoLiveForecast(`${url} gave an unexpected answer: ${path.join(".")}: ${message}`);
  }

  async #get(url: string, signal: AbortSignal) {
    try {
      const { statusCode, body } = await request(url, {
        dispatcher: this.#dispatcher,
        headers: this.#headers,
        signal,
      });
      return { statusCode, text: await body.text() };
    } catch (error) {
      if (signal.aborted) throw new NoLiveForecast(`${url} did not answer in time`);
      const { code, message } = error as NodeJS.ErrnoException;
      throw new NoLiveForecast(`${url} did not answer: ${message || code}`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What NWS says of a request that it does not serve (RFC 7807). */
function problem(body: unknown): string {
  const { title, detail } = (body ?? {}) as { title?: unknown; detail?: unknown };
  const said = [title, detail].filter((words) => typeof words === "string").join(": ");
  return said.slice(0, 300) || "no reason given";
}
