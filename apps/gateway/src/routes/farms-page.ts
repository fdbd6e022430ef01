import { isStateName, stateNames, usStateFrom } from "@weather/contracts";
import { places } from "@weather/rendering";
import { h } from "preact";
import assets from "../../page/assets.build.ts";
import type { Atlas } from "../../page/farms/farms-map.tsx";
import { FarmsView } from "../../page/farms/farms-view.tsx";
import { LiveFarms } from "../../page/farms/live-farms.ts";
import type { LiveEvent } from "../live/event.ts";

const atlas: Atlas = {
  shapes: assets.shapes.path,
  states: Object.fromEntries(
    stateNames.flatMap((state) => {
      const place = places[state];
      // The map has no territories.
      return place ? [[state, [usStateFrom(state)?.code ?? "", ...place]]] : [];
    }),
  ),
};

/** The farms view, in the element that the page's script makes live. @param farm the state whose servers are shown */
export function farmsView(event: LiveEvent | undefined, farm: string | undefined, now: number) {
  const live = new LiveFarms();
  if (event) live.take(event, now);
  return h(
    "div",
    {
      id: "live",
      "data-atlas": JSON.stringify(atlas),
      "data-now": now,
      "data-event": event && JSON.stringify(event),
    },
    h(FarmsView, {
      farms: live.view(now),
      link: "page",
      open: farm !== undefined && isStateName(farm) ? farm : undefined,
      asked: undefined,
      stations: undefined,
      atlas,
      now,
    }),
  );
}
