/** @jsxRuntime automatic @jsxImportSource preact */
import { nameOfState } from "@weather/contracts";
import { amount, degrees, named } from "@weather/rendering";
import { counted } from "../farms/figures.ts";
import type { AnswerProps } from "./view-data.ts";
import { addressOf } from "./form-words.ts";
import { lead } from "./sentences.ts";

/** The place, the forecast in words, and the figures of its first day. */
export function Today({ data, answered: { forecast, climate } }: AnswerProps) {
  const { state, station, nearest, days } = forecast;
  const { units, today, origin, words, stations } = data;
  const [first] = days;
  if (!first) return null;
  const when = first.date === today ? "today" : `on ${named(first.date)}`;
  const elevation = stations.find(({ id }) => id === station.id)?.elevation;
  const place = [
    nameOfState(state),
    station.id,
    coordinates(station),
    ...(elevation === undefined ? [] : [`${Math.round(elevation)} m`]),
  ];
  return (
    <div class="today">
      <div>
        <h1>{station.name}</h1>
        <p class="url small">
          {origin + addressOf(data.state, words)} on {named(today)}
        </p>
        <p class="small quiet">{place.join(" · ")}</p>
        {nearest ? (
          <p class="small quiet">
            The nearest station to {coordinates(nearest)}, {distanceIn(nearest.distance, units)} away
          </p>
        ) : null}
        <p class="lead">{lead(forecast, climate)}</p>
      </div>
      <div>
        <dl class="three">
          {(["high", "low"] as const).map((of) => (
            <div class={of === "high" ? "warm" : "cold"}>
              <dt>
                {of === "high" ? "High" : "Low"} {when}
              </dt>
              <dd>
                <b>{degrees(first[of].p50, units)}°</b>
                <span>
                  {degrees(first[of].p10, units)}° to {degrees(first[of].p90, units)}°
                </span>
              </dd>
            </div>
          ))}
          <div class="rain">
            <dt>Rain or snow</dt>
            <dd>
              <b>{Math.round(first.precipitation.chance * 100)} %</b>
              <span>up to {amount(first.precipitation.p90, units)}</span>
            </dd>
          </div>
        </dl>
        <p class="small quiet">Temperatures end in these ranges 8 times in 10.</p>
      </div>
    </div>
  );
}

/** Such as `39.99° N 82.88° W`. */
const coordinates = ({ latitude, longitude }: { latitude: number; longitude: number }) =>
  `${Math.abs(latitude).toFixed(2)}° ${latitude < 0 ? "S" : "N"} ${Math.abs(longitude).toFixed(2)}° ${longitude < 0 ? "W" : "E"}`;

const distanceIn = (kilometres: number, units: string) =>
  units === "us" ? counted(Math.round(kilometres / 1.609344), "mile") : `${Math.round(kilometres)} km`;
