/** @jsxRuntime automatic @jsxImportSource preact */
import { isStateName, states } from "@weather/contracts";
import { forecastChart, ofPage } from "@weather/rendering";
import type { Answered, ForecastData } from "./view-data.ts";
import { observedDay } from "./observed-day.ts";

interface AnswerProps {
  readonly data: ForecastData;
  readonly answered: Answered;
}

/** The answer, from the whole to the detail. */
export function AnswerView({ data: { units }, answered: { forecast, climate } }: AnswerProps) {
  const { station, state } = forecast;
  const observed = observedDay(forecast);
  const chart = forecastChart(
    forecast,
    { units, ...(climate && { climate }), ...(observed && { observed }) },
    { room: "any", colour: ofPage, id: "fan" },
  );
  return (
    <>
      <h1>{station.name}</h1>
      <p class="small quiet">{`${isStateName(state) ? states[state].name : state} · ${station.id}`}</p>
      <figure class="drawing block" dangerouslySetInnerHTML={{ __html: chart.markup }} />
    </>
  );
}
