import type { Stations } from "@weather/contracts";
import type { LiveEvent } from "../../src/live/event.ts";

/** Data of the map. The gateway sends those of its farms, so that the browser need not load a table of all states. */
export interface Atlas {
  /** Path of the file with the states' shapes. */
  readonly shapes: string;
  /** For each state: its postal code, the best place for the code, and the state's box, as in `places` of libs/rendering. */
  readonly states: Readonly<
    Record<string, readonly [code: string, x: number, y: number, ...box: readonly number[]]>
  >;
}

/** A station, as the map shows it. */
export type MapStation = Pick<Stations["stations"][number], "id" | "latitude" | "longitude" | "borrowed">;

/** Data that the gateway sends with the page, for its script. */
export interface Sent {
  readonly atlas: Atlas;
  /** Origin of the page, such as `http://localhost:8080`. */
  readonly origin: string;
  /** When the page was sent, in milliseconds since 1970 by the gateway's clock. */
  readonly now: number;
  /** Nothing if the gateway could not read the state of the farms in time. */
  readonly event: LiveEvent | undefined;
  /** The state whose servers are shown. */
  readonly open: string | undefined;
  /** Stations of the open state. Nothing if its farm did not answer in time. */
  readonly stations: readonly MapStation[] | undefined;
}
