/** @jsxRuntime automatic @jsxImportSource preact */
import { quantityOf, unitsOf, type Risk, type UnitSystem } from "@weather/contracts";
import { limit, ofPage, riskChart } from "@weather/rendering";
import type { AnswerProps } from "./view-data.ts";
import { asLikelyAsNot, event, inWords } from "./sentences.ts";
import { formId } from "./place-form.tsx";

/** Minimum, maximum and step of the slider, for each quantity. A limit from the URL may lie beyond them. */
const scales: Record<UnitSystem, Record<Risk["threshold"]["of"], readonly [number, number, number]>> = {
  metric: { low: [-20, 20, 1], high: [0, 45, 1], precipitation: [0, 50, 1] },
  us: { low: [-5, 70, 1], high: [30, 115, 1], precipitation: [0, 2, 0.05] },
};

const kinds = [
  ["low", "Low below"],
  ["high", "High above"],
  ["precipitation", "Rain above"],
] as const;

const hues = { low: "cold", high: "warm", precipitation: "rain" } as const;

/** The chance that a limit is crossed, per day and on any day. Its fields belong to the form of the place. */
export function Likely({ data: { units }, answered: { risk, usualRisk } }: AnswerProps) {
  if (!risk) {
    return (
      <section class="block" id="likely" data-live>
        <h2>How likely?</h2>
        <p>The farm did not answer this question.</p>
      </section>
    );
  }
  const { of, above, below } = risk.threshold;
  const unit = unitsOf[units][quantityOf[of]];
  const [lower, upper, step] = scales[units][of];
  const value = Number((Math.round(unit.fromMetric(above ?? below ?? 0) / step) * step).toFixed(2));
  const [least, most] = [Math.min(lower, value), Math.max(upper, value)];
  const chart = riskChart(
    risk,
    { units, ...(usualRisk && { climate: usualRisk }) },
    { room: "any", colour: ofPage, id: "likely-chart" },
  );
  const night = of === "low" ? "night" : "day";
  const first = asLikelyAsNot(risk);
  const count = risk.days.length;
  return (
    <section class={`block likely ${hues[of]} later`} aria-labelledby="likely-title">
      <h2 id="likely-title">How likely?</h2>
      <div class="ask">
        <fieldset class="segments" id="kinds" data-live>
          <legend class="hidden">What is watched for</legend>
          <input type="hidden" name="for" value={of} form={formId} />
          {kinds.map(([name, text]) => (
            <label>
              <input type="radio" name="of" value={name} form={formId} checked={name === of} />
              {text}
            </label>
          ))}
        </fieldset>
        <div class="slide">
          <div id="slider" data-live>
            <label class="hidden" for="limit">{`Limit, ${unit.symbol}`}</label>
            <input
              type="range"
              id="limit"
              name="limit"
              form={formId}
              min={least}
              max={most}
              step={step}
              value={value}
              data-unit={unit.symbol}
            />
            <span class="ticks" aria-hidden="true">
              <span>{signed(least)}</span>
              <span>{signed(most)}</span>
            </span>
          </div>
          <output id="limit-shown" for="limit" data-live>
            {signed(limit(above ?? below ?? 0, quantityOf[of], units))}
          </output>
        </div>
        <p class="sentence" id="chances" data-live role="status">
          {event(risk.threshold, units)}{" "}
          {count === 1 ? `on this ${night}` : `on at least one of the ${inWords(count)} ${night}s`}:{" "}
          <b>{Math.round(risk.chance * 100)} in 100</b>. {first.text}
          {first.date === undefined ? null : (
            <>
              <b>{first.date}</b>.
            </>
          )}
        </p>
        <noscript>
          <button class="button" form={formId}>
            Ask
          </button>
        </noscript>
      </div>
      <figure class="drawing" id="dots" data-live dangerouslySetInnerHTML={{ __html: chart.markup }} />
    </section>
  );
}

const signed = (value: number | string) => String(value).replace("-", "−");
