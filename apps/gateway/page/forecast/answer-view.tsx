/** @jsxRuntime automatic @jsxImportSource preact */
import { requestFrom } from "@weather/contracts";
import { forecastChart, ofPage } from "@weather/rendering";
import { Note } from "../note.tsx";
import { BasedOn } from "./based-on.tsx";
import { Copies } from "./copies.tsx";
import { DayByDay } from "./day-by-day.tsx";
import { Key } from "./key.tsx";
import { Likely } from "./likely.tsx";
import { observedDay } from "./observed-day.ts";
import { Today } from "./today.tsx";
import type { AnswerProps } from "./view-data.ts";

/** The answer: first the summary, then the details. */
export function AnswerView({ data, answered }: AnswerProps) {
  const { units, state, words } = data;
  const { forecast, climate } = answered;
  const given = requestFrom({ observed: words["observed"], start: forecast.days[0]?.date }, state, units);
  const observed = observedDay(forecast, given.observed);
  const chart = forecastChart(
    forecast,
    { units, ...(climate && { climate }), ...(observed && { observed }) },
    { room: "any", colour: ofPage, id: "fan" },
  );
  const noRange = forecast.days.every(({ high, low }) => high.p10 === high.p90 && low.p10 === low.p90);
  const { borrowed } = forecast.model;
  return (
    <>
      <div id="figures" data-live>
        <Today data={data} answered={answered} />
        {borrowed === undefined ? null : (
          <Note kind="late">
            <p>The climate of {borrowed} stands in for this state’s own: do not rely on these figures.</p>
          </Note>
        )}
        <h2 class="hidden">Days and their uncertainty</h2>
        <figure class="drawing block" dangerouslySetInnerHTML={{ __html: chart.markup }} />
        {noRange ? <p class="small quiet">This source gives no range.</p> : <Key />}
      </div>
      <Likely data={data} answered={answered} />
      <div id="details" data-live>
        <DayByDay data={data} answered={answered} />
        <div class="two block later fourth">
          <BasedOn data={data} answered={answered} />
          <Copies data={data} />
        </div>
      </div>
    </>
  );
}
