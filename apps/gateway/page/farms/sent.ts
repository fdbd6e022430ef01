import type { Stations } from "@weather/contracts";
import type { LiveEvent } from "../../src/live/event.ts";

/** What a map is drawn of. The server sends it, because a table of all states would be a burden for the browser. */
export interface Atlas {
  /** Path of the file of the states' shapes. */
  readonly shapes: string;
  /** By state: its postal code, where that stands best, and its box, as `places` of libs/rendering has it. */
  readonly states: Readonly<
    Record<string, readonly [code: string, x: number, y: number, ...box: readonly number[]]>
  >;
}

/** A station, as the map shows it. */
export type MapStation = Pick<Stations["stations"][number], "id" | "latitude" | "longitude" | "borrowed">;

/** What the gateway sends with the page, for its script. */
export interface Sent {
  readonly atlas: Atlas;
  /** When the page was sent, in ms, by the gateway's clock. */
  readonly now: number;
  /** Nothing where the gateway could not look at the farms in time. */
  readonly event: LiveEvent | undefined;
  /** The state whose servers are shown. */
  readonly open: string | undefined;
  /** Of the open state, where its farm told them in time. */
  readonly stations: readonly MapStation[] | undefined;
}
