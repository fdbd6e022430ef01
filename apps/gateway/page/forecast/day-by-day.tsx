/** @jsxRuntime automatic @jsxImportSource preact */
import { unitsOf, type Day, type UnitSystem } from "@weather/contracts";
import { amount, degrees, figuresIn, named } from "@weather/rendering";
import type { AnswerProps } from "./view-data.ts";
import { comparison } from "./sentences.ts";

/** Range of temperatures, °C: a little wider than that of all days. */
interface Scale {
  readonly least: number;
  readonly most: number;
}

/** Every figure of the chart as a table, and each day in words. */
export function DayByDay({ data: { units, today }, answered: { forecast, climate } }: AnswerProps) {
  const { days } = forecast;
  const scale = {
    least: Math.min(...days.map(({ low, high }) => Math.min(low.p10, high.p10))) - 1,
    most: Math.max(...days.map(({ low, high }) => Math.max(low.p90, high.p90))) + 1,
  };
  const { temperature } = unitsOf[units];
  return (
    <section class="block later third" aria-labelledby="days-title">
      <h2 id="days-title">Day by day</h2>
      <table class="cards days">
        <caption class="small quiet">
          The middle, and in grey the range in which 8 days in 10 end. Rain: the chance, and what 9 days in 10
          do not exceed.
        </caption>
        <thead>
          <tr>
            <th class="start" scope="col">
              Day
            </th>
            <th class="start" scope="col">
              In words
            </th>
            <th scope="col">Low {temperature.symbol}</th>
            <th class="range" aria-hidden="true">
              <Ticks scale={scale} units={units} />
            </th>
            <th scope="col">High {temperature.symbol}</th>
            <th scope="col">Rain or snow</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day, at) => (
            <tr>
              <th scope="row">
                {day.date === today ? "Today" : named(day.date).slice(0, 3)}{" "}
                <span>{named(day.date).slice(4)}</span>
              </th>
              <td class="start words">
                {day.summary.replace(/\.?$/, ".")}{" "}
                <span class="quiet">{comparison(day, climate?.days[at], units)}</span>
              </td>
              <Spread of="low" day={day} units={units} />
              <td class="range" aria-hidden="true">
                <Range day={day} scale={scale} />
              </td>
              <Spread of="high" day={day} units={units} />
              <td class="rain" data-label="Rain or snow">
                <b>{Math.round(day.precipitation.chance * 100)} %</b>{" "}
                <span class="quiet">≤ {amount(day.precipitation.p90, units)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Spread({ of, day, units }: { of: "low" | "high"; day: Day; units: UnitSystem }) {
  const { p10, p50, p90 } = day[of];
  const { symbol } = unitsOf[units].temperature;
  return (
    <td class={of === "low" ? "cold" : "warm"} data-label={`${of === "low" ? "Low" : "High"}, ${symbol}`}>
      <b>{figuresIn(units).degrees(p50).replace("-", "−")}</b>{" "}
      <span class="quiet">
        {degrees(p10, units)} to {degrees(p90, units)}
      </span>
    </td>
  );
}

const percent = (celsius: number, { least, most }: Scale) =>
  `${Math.round(((celsius - least) / (most - least)) * 10_000) / 100}%`;

const roundValues = ({ least, most }: Scale, units: UnitSystem) => {
  const { fromMetric, toMetric } = unitsOf[units].temperature;
  const step = most - least > 30 ? 20 : 10;
  const first = Math.ceil(fromMetric(least) / step) * step;
  return Array.from({ length: 12 }, (_, at) => first + at * step)
    .filter((value) => value <= fromMetric(most))
    .map((value) => ({ value, celsius: toMetric(value) }));
};

const Ticks = ({ scale, units }: { scale: Scale; units: UnitSystem }) => (
  <svg class="chart" width="100%" height="14">
    {roundValues(scale, units).map(({ value, celsius }) => (
      <text class="mid" x={percent(celsius, scale)} y="11">
        {`${value < 0 ? "−" : ""}${Math.abs(value)}°`}
      </text>
    ))}
  </svg>
);

/** High above low: a thin line for 10–90 %, a thick one for 25–75 %, a dot for the middle. */
function Range({ day, scale }: { day: Day; scale: Scale }) {
  const line = (from: number, to: number, y: number, width: number, colour: string) => (
    <line
      x1={percent(from, scale)}
      x2={percent(to, scale)}
      y1={y}
      y2={y}
      stroke={`var(--${colour})`}
      stroke-width={width}
    />
  );
  const bar = ({ p10, p25, p50, p75, p90 }: Day["high"], y: number, colour: string) => (
    <>
      {line(p10, p90, y, 1.5, colour)}
      {p25 === undefined || p75 === undefined ? null : line(p25, p75, y, 5, colour)}
      <circle cx={percent(p50, scale)} cy={y} r="3" fill={`var(--${colour})`} stroke="var(--paper)" />
    </>
  );
  const freezing = scale.least < 0 && scale.most > 0;
  return (
    <svg width="100%" height="36">
      {freezing ? (
        <line x1={percent(0, scale)} x2={percent(0, scale)} y1="0" y2="36" stroke="var(--usual-edge)" />
      ) : null}
      {bar(day.high, 12, "warm")}
      {bar(day.low, 24, "cold")}
    </svg>
  );
}
