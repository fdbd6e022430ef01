import { states, type Stations } from "@weather/contracts";
import type { Answering } from "./answering.ts";

/** Replies with the stations of the state. The first one is the default. */
export function stationsReply({ state, server, forecaster }: Answering): Stations {
  const stations = forecaster.stations.map((station) => {
    const {
      elevation_m,
      timeZone = states[state].timeZone,
      borrowed,
      sources,
    } = forecaster.about(station.id)!;
    return {
      ...station,
      elevation: elevation_m,
      timeZone,
      ...(borrowed !== undefined && { borrowed }),
      fittedFrom: sources,
    };
  });
  return { outcome: "stations", state, server, stations, neighbours: [...forecaster.neighbours] };
}
