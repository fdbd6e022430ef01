import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

/** One answer of the server, with status 200 by default. Text is sent as it is, everything else as JSON. */
interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Delay of the answer, in milliseconds. */
  after?: number;
  /** Whether the answer never ends. */
  unfinished?: boolean;
}

export const columbus = { id: "KCMH", name: "Columbus", latitude: 39.99, longitude: -82.88 };

/** Addresses of Columbus on the server. */
export const paths = {
  points: "/points/39.99,-82.88",
  forecast: "/gridpoints/ILN/85,81/forecast",
  grid: "/gridpoints/ILN/85,81",
};

/** A server with the API of api.weather.gov, and with forecasts for Columbus. */
export async function openWeatherGov() {
  const seen: { path: string; headers: IncomingHttpHeaders }[] = [];
  const usual = new Map<string, Answer>([
    [paths.points, { body: points }],
    [paths.forecast, { body: forecast }],
    [paths.grid, { body: gridpoint }],
  ]);
  const queued = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    const path = request.url!;
    seen.push({ path, headers: request.headers });
    void send(response, queued.get(path)?.shift() ?? usual.get(path) ?? { status: 404, body: notFound });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Requests so far. */
    seen,
    /** Number of requests for a path. */
    asked: (path: string) => seen.filter((request) => request.path === path).length,
    /** Sets the answer of a path. */
    answers: (path: string, answer: Answer) => usual.set(path, answer),
    /** Sets the next answer of a path. */
    answersFirst: (path: string, ...answers: Answer[]) => queued.set(path, answers),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function send(response: ServerResponse, answer: Answer) {
  const { status = 200, headers = {}, body = {}, after = 0, unfinished } = answer;
  if (after) await setTimeout(after, undefined, { ref: false });
  const type = status < 300 ? "application/geo+json" : "application/problem+json";
  response.writeHead(status, { "content-type": type, ...headers });
  if (status !== 304) response.write(typeof body === "string" ? body : JSON.stringify(body));
  if (!unfinished) response.end();
}

/** A problem in NWS's format. */
export const problem = (status: number, title: string, detail: string) => ({
  type: `urn:noaa:nws:api:${title.replaceAll(" ", "")}`,
  title,
  status,
  detail,
  instance: "urn:noaa:nws:api:request:1",
  correlationId: "1",
});
const notFound = problem(
  404,
  "Data Unavailable For Requested Point",
  "Unable to provide data for requested point",
);

export const points = {
  type: "Feature",
  properties: {
    gridId: "ILN",
    forecast: `https://api.weather.gov${paths.forecast}`,
    forecastGridData: `https://api.weather.gov${paths.grid}`,
    timeZone: "America/New_York",
  },
};

const period = (startTime: string, isDaytime: boolean, shortForecast: string) => ({
  startTime,
  isDaytime,
  shortForecast,
  temperature: 41,
  temperatureUnit: "F",
});

/** Monday evening to Wednesday. */
export const forecast = {
  type: "Feature",
  properties: {
    updateTime: "2026-11-23T20:10:00+00:00",
    periods: [
      period("2026-11-23T18:00:00-05:00", false, "Mostly Clear"),
      period("2026-11-24T06:00:00-05:00", true, "Chance Rain"),
      period("2026-11-24T18:00:00-05:00", false, "Rain"),
      period("2026-11-25T06:00:00-05:00", true, "Sunny"),
    ],
  },
};

const at = (validTime: string, value: number | null) => ({ validTime, value });

/** From Monday noon (17:00 UTC) on. */
export const gridpoint = {
  type: "Feature",
  properties: {
    updateTime: "2026-11-23T20:05:00+00:00",
    maxTemperature: {
      uom: "wmoUnit:degC",
      values: [
        at("2026-11-23T17:00:00+00:00/PT8H", 9.4444444),
        at("2026-11-24T12:00:00+00:00/PT13H", 7.2222222),
        at("2026-11-25T12:00:00+00:00/PT13H", null),
      ],
    },
    minTemperature: {
      uom: "wmoUnit:degC",
      values: [at("2026-11-24T00:00:00+00:00/PT14H", -1.1111111), at("2026-11-25T00:00:00+00:00/PT14H", 2)],
    },
    probabilityOfPrecipitation: {
      uom: "wmoUnit:percent",
      values: [
        at("2026-11-23T17:00:00+00:00/PT7H", 0),
        at("2026-11-24T00:00:00+00:00/P1D", 30),
        at("2026-11-25T00:00:00+00:00/PT6H", 84),
        at("2026-11-25T06:00:00+00:00/P1D", null),
      ],
    },
    quantitativePrecipitation: {
      uom: "wmoUnit:mm",
      values: [
        at("2026-11-23T17:00:00+00:00/PT7H", 0),
        at("2026-11-24T00:00:00+00:00/P1D", 2.4),
        // Midnight in Columbus is 05:00 UTC: five sixths fall on Tuesday.
        at("2026-11-25T00:00:00+00:00/PT6H", 6),
      ],
    },
  },
};
