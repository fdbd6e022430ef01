import { Agent, cacheStores, interceptors, request, type Dispatcher } from "undici";
import type * as z from "zod";
import { NoLiveForecast } from "../live-forecast.ts";
import { points } from "./answers.ts";

const official = "https://api.weather.gov";
/** Largest answer that is read, in bytes. A gridpoint has about 200 kB. */
const longestAnswer = 1024 * 1024;
/** Largest size of the cache, in bytes. */
const mostKept = 16 * longestAnswer;
const mostRedirections = 3;

/**
 * Reads api.weather.gov as its FAQ asks (https://weather-gov.github.io/api/general-faqs). It sends a User-Agent with a
 * contact, caches answers as long as their Cache-Control or Expires allows, revalidates them then, and waits longer before
 * each retry. Equal requests at the same time become one. It asks no other host, even if an answer links to one.
 */
export class Api {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #dispatcher: Dispatcher;

  /**
   * @param url Base URL.
   * @param contact Mail or web address of the operator, for NWS.
   */
  constructor(url: string, contact: string) {
    this.#url = new URL(url).href.replace(/\/$/, "");
    this.#headers = { "user-agent": `weather-farm (${contact})`, accept: "application/geo+json" };
    // Interceptors run in reverse order: the last one sees a request first.
    this.#dispatcher = new Agent({ maxResponseSize: longestAnswer }).compose(
      interceptors.retry({ maxRetries: 3, minTimeout: 250, throwOnError: false }),
      interceptors.cache({
        type: "private",
        store: new cacheStores.MemoryCacheStore({ maxSize: mostKept, maxEntrySize: longestAnswer }),
      }),
      interceptors.deduplicate(),
    );
  }

  /** The grid point of a place. NWS accepts at most four decimals. @throws {NoLiveForecast} */
  points({ latitude, longitude }: { latitude: number; longitude: number }, signal: AbortSignal) {
    const place = [latitude, longitude].map((degrees) => Number(degrees.toFixed(4)));
    return this.read(`${official}/points/${place.join(",")}`, points, signal);
  }

  /**
   * Reads an answer and validates it.
   *
   * @param address NWS's own URL. A mirror is asked for the same path.
   * @throws {NoLiveForecast} if there is no such answer, with NWS's message
   */
  async read<Shape extends z.ZodType>(
    address: string,
    shape: Shape,
    signal: AbortSignal,
  ): Promise<z.output<Shape>> {
    const { url, statusCode, text } = await this.#get(address, signal);
    const body = parsed(text);
    if (statusCode !== 200) throw new NoLiveForecast(`${url} answered ${statusCode}: ${problem(body)}`);
    const read = shape.safeParse(body);
    if (read.success) return read.data;
    const { path, message } = read.error.issues[0]!;
    throw new NoLiveForecast(`${url} gave an unexpected answer: ${path.join(".")}: ${message.slice(0, 300)}`);
  }

  async #get(address: string, signal: AbortSignal) {
    let url = this.#own(address);
    for (let redirections = 0; redirections <= mostRedirections; redirections++) {
      const { statusCode, location, text } = await this.#ask(url, signal);
      if (statusCode < 300 || statusCode > 399 || location === undefined) return { url, statusCode, text };
      if (!URL.canParse(location, url)) {
        throw new NoLiveForecast(`${url} redirects, but its Location is no address`);
      }
      url = this.#own(new URL(location, url).href);
    }
    throw new NoLiveForecast(`${url} redirects again after ${mostRedirections} redirections`);
  }

  /** The URL for an address: at api.weather.gov, or at its mirror. @throws {NoLiveForecast} for another host */
  #own(address: string): string {
    const { href, origin } = new URL(address);
    const url = href.startsWith(`${official}/`) ? this.#url + href.slice(official.length) : href;
    if (url.startsWith(`${this.#url}/`)) return url;
    throw new NoLiveForecast(`${this.#url} points to ${origin}: no other host than itself is asked`);
  }

  async #ask(url: string, signal: AbortSignal) {
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.#dispatcher,
        headers: this.#headers,
        signal,
      });
      const location = [headers.location].flat()[0];
      return { statusCode, location, text: await body.text() };
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

/** NWS's message about a refused request (RFC 7807). */
function problem(body: unknown): string {
  const { title, detail } = (body ?? {}) as { title?: unknown; detail?: unknown };
  const said = [title, detail].filter((words) => typeof words === "string").join(": ");
  return said.slice(0, 300) || "no reason given";
}
