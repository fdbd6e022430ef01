import { stateNames, usStateFrom } from "@weather/contracts";
import { places } from "@weather/rendering";
import { h } from "preact";
import assets from "../../page/assets.build.ts";
import { FarmsView } from "../../page/farms/farms-view.tsx";
import { LiveFarms } from "../../page/farms/live-farms.ts";
import type { Atlas, MapStation, Sent } from "../../page/farms/sent.ts";

const atlas: Atlas = {
  shapes: assets.files.shapes.path,
  states: Object.fromEntries(
    stateNames.flatMap((state) => {
      const place = places[state];
      // The map has no territories.
      return place ? [[state, [usStateFrom(state)?.code ?? "", ...place]]] : [];
    }),
  ),
};

/** The fields of a station that the map shows. */
export const mapStation = ({ id, latitude, longitude, borrowed }: MapStation): MapStation => ({
  id,
  latitude,
  longitude,
  ...(borrowed && { borrowed }),
});

/** The view of the farms, in the element that the page's script updates. */
export function farmsView(sent: Omit<Sent, "atlas">) {
  const { event, now, ...shown } = sent;
  const live = new LiveFarms();
  if (event) live.take(event, now);
  const view = h(FarmsView, { farms: live.view(now), link: "page", asked: undefined, atlas, now, ...shown });
  return h("div", { id: "live", "data-sent": JSON.stringify({ atlas, ...sent }) }, view);
}
