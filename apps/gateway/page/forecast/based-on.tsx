/** @jsxRuntime automatic @jsxImportSource preact */
import { states } from "@weather/contracts";
import { basedOn } from "@weather/rendering";
import type { AnswerProps } from "./view-data.ts";

/** The observations or the source that the forecast starts from, their age, and the accuracy of such forecasts. */
export function BasedOn({ data: { state, stations, words, units }, answered: { forecast } }: AnswerProps) {
  const { issuedAt, server, model, station } = forecast;
  const fitted = stations.find(({ id }) => id === station.id)?.fittedFrom;
  const { name, timeZone } = states[state];
  const time = new Date(issuedAt).toLocaleTimeString("sv-SE", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
  });
  const given = words["observed"];
  return (
    <section aria-labelledby="based-title">
      <h2 id="based-title">What this is based on</h2>
      <dl class="facts">
        <dt>Started from</dt>
        <dd>
          {given === undefined
            ? (basedOn(forecast) ?? "The farm does not tell.")
            : `The observation that was given: ${given}${/[a-z]/i.test(given) ? "" : units === "us" ? " (°F, in)" : " (°C, mm)"}.`}
        </dd>
        <dt>Made</dt>
        <dd>
          <time dateTime={issuedAt} id="made">
            at {time}
          </time>{" "}
          in {name}, by <code>{server}</code>
        </dd>
        <dt>Model</dt>
        <dd>
          {model.name}, {model.members} members, seed {model.seed}: the same question gets the same answer
        </dd>
        {fitted ? (
          <>
            <dt>Usual</dt>
            <dd>{`${fitted.temperature}; rain: ${fitted.precipitation}`}</dd>
          </>
        ) : null}
        <dt>Worth</dt>
        <dd>
          {model.name === "nws"
            ? "The errors of the National Weather Service’s forecasts are drawn around its values."
            : "On average better than the calendar for one to two days, longer after an unusual day."}{" "}
          <a href="https://www.weather.gov/" rel="noreferrer">
            The National Weather Service
          </a>{" "}
          knows more.
        </dd>
      </dl>
    </section>
  );
}
