/** @jsxRuntime automatic @jsxImportSource preact */
import { nameOfState, states } from "@weather/contracts";
import { onMap } from "@weather/rendering";
import { load } from "./attention.ts";
import { figure } from "./figures.ts";
import type { Farm } from "./live-farms.ts";
import type { Atlas, MapStation } from "./sent.ts";

const [width, height] = [1_950, 1_220];
/** Room that a postal code takes on the narrowest map that shows any. */
const [textWidth, textHeight] = [130, 80];
const steps = ["to 100/s", "to 300", "to 600", "more"];

export interface FarmsMapProps {
  readonly atlas: Atlas;
  readonly farms: readonly Farm[];
  readonly open: string | undefined;
  /** Stations of the open state, once they are known. */
  readonly stations: readonly MapStation[] | undefined;
  readonly now: number;
}

/** The map of the farms. The colour of a state shows how much it answers; the table has every figure. */
export const FarmsMap = ({ atlas, farms, open, stations, now }: FarmsMapProps) => {
  const opened = farms.find(({ state }) => state === open);
  const percent = (value: number, of: number) => `${Math.round((value / of) * 1_000) / 10}%`;
  return (
    <aside class="map" aria-label="Where the farms are">
      <svg class="us" role="group" aria-label="Map of the states that have a farm">
        <svg viewBox={`0 0 ${width} ${height}`}>
          <use href={`${atlas.shapes}#states`} />
          {/* The open one last: its border is over the others'. */}
          {[...farms.filter((farm) => farm !== opened), ...(opened ? [opened] : [])].map((farm) => (
            <a
              key={farm.state}
              href={`/farms?farm=${farm.state}#${farm.state}`}
              data-farm={farm.state}
              aria-label={`${farm.name}: ${said(farm)}`}
            >
              <use
                href={`${atlas.shapes}#${farm.state}`}
                class={`load-${load(farm)}${farm === opened ? " here" : ""}`}
              />
            </a>
          ))}
        </svg>
        <g aria-hidden="true">
          {labelled(farms, atlas).map(([farm, code, x, y]) => (
            <text
              key={farm.state}
              class={load(farm) > 2 ? "on-dark" : undefined}
              x={percent(x, width)}
              y={percent(y, height)}
              dy="4"
            >
              {code}
            </text>
          ))}
        </g>
      </svg>
      <ul class="steps">
        {steps.map((text, at) => (
          <li>
            <i class={`load-${at + 1}`} /> {text}
          </li>
        ))}
        <li>
          <i class="load-0" /> nobody serves
        </li>
      </ul>
      {opened && <StatePanel farm={opened} atlas={atlas} stations={stations} now={now} />}
    </aside>
  );
};

const said = (farm: Farm) =>
  farm.servers === 0 ? "nobody serves" : `${figure(farm.answeredPerSecond)} answered per second`;

/** The states whose postal codes have room on the map. */
function labelled(farms: readonly Farm[], { states }: Atlas) {
  const labels: (readonly [farm: Farm, code: string, x: number, y: number])[] = [];
  for (const farm of farms) {
    const [code, x, y] = states[farm.state] ?? [];
    if (code === undefined || x === undefined || y === undefined) continue;
    const isFree = labels.every(
      ([, , otherX, otherY]) => Math.abs(x - otherX) > textWidth || Math.abs(y - otherY) > textHeight,
    );
    if (isFree) labels.push([farm, code, x, y]);
  }
  return labels;
}

/** `12:03`. Not by Intl: to make a formatter for a time zone takes a slow phone 50 ms. */
const timeAt = (utcOffset: number, now: number) =>
  new Date(now + utcOffset * 60_000).toISOString().slice(11, 16);

interface StatePanelProps extends Pick<FarmsMapProps, "atlas" | "stations" | "now"> {
  readonly farm: Farm;
}

/** A state by itself, with its stations. */
function StatePanel({ farm, atlas, stations, now }: StatePanelProps) {
  const [, , , left = 0, top = 0, wide = width, high = height] = atlas.states[farm.state] ?? [];
  const { timeZone } = states[farm.state];
  const dots = stations?.map((station) => `M${onMap(station).map(Math.round).join(" ")}h.01`).join("");
  const first = stations?.[0];
  return (
    <section class="state" aria-labelledby="state-name">
      <h2 id="state-name">{farm.name}</h2>
      <svg
        viewBox={`${left - 4} ${top - 4} ${wide + 8} ${high + 8}`}
        role="img"
        aria-label={`${farm.name}${stations ? ` and its ${stations.length} stations` : ""}`}
      >
        <use href={`${atlas.shapes}#${farm.state}`} class={`load-${load(farm)}`} />
        {dots && <path class="dots under" d={dots} />}
        {dots && <path class="dots" d={dots} />}
      </svg>
      <dl class="facts">
        <dt>Time there</dt>
        <dd>
          {timeAt(farm.utcOffset, now)}, {timeZone}
        </dd>
        <dt>Queue</dt>
        <dd>
          <code>weather.{farm.state}</code>
        </dd>
        <dt>Stations</dt>
        <dd>
          {stations && first ? `${figure(stations.length)}, ${first.id} first` : farm.servers > 0 ? "…" : "–"}
        </dd>
        {first?.borrowed && (
          <>
            <dt>Climate</dt>
            <dd>borrowed from {nameOfState(first.borrowed)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
