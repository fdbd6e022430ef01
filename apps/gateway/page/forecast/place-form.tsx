/** @jsxRuntime automatic @jsxImportSource preact */
import { measure, quantityOf, states, unitsOf } from "@weather/contracts";
import type { ComponentChildren } from "preact";
import { Chevron, Target } from "../icons.tsx";
import type { ForecastData } from "./view-data.ts";

/** The id of the form: fields elsewhere on the page belong to it too. */
export const formId = "question";

const observedFields = ["high", "low", "precipitation"] as const;
type ObservedField = (typeof observedFields)[number];

/** Where, how far ahead, and from which observation. */
export function PlaceForm({ data }: { data: ForecastData }) {
  const { state, words, units, stations, answered, refused } = data;
  const errors = refused?.errors ?? [];
  const why = (...fields: string[]) =>
    errors.find(({ path }) => fields.includes(path.split(".").at(-1) ?? ""));
  const observed = observedIn(data);
  const { temperature, precipitation } = unitsOf[units];
  const observedWhy = why("observed", "high", "low", "precipitation", "date")?.message;
  const labels = {
    high: `High of the day before, ${temperature.symbol}`,
    low: `Its low, ${temperature.symbol}`,
    precipitation: `Its rain, ${precipitation.symbol}`,
  };
  // A message begins with the figure that it is about.
  const wrong = observedFields.find((name) => observedWhy?.startsWith(`${name}:`)) ?? "high";
  const nearest = words["latitude"] !== undefined;
  const chosen = nearest ? "" : (words["station"]?.toUpperCase() ?? answered?.forecast.station.id);
  const open = ["latitude", "start", "observed"].some((name) => words[name] !== undefined);
  return (
    <form class="place" id={formId} method="get" action="/" aria-label="Where, and how far ahead">
      <div id="made-for" data-live hidden>
        <input type="hidden" name="was" value={state} />
        <input type="hidden" name="in" value={units} />
        {["members", "seed", "model", "theme"].map((name) =>
          words[name] === undefined ? null : <input type="hidden" name={name} value={words[name]} />,
        )}
      </div>
      <Choose name="state" label="State" chosen={state}>
        {Object.entries(states).map(([key, { name }]) => (
          <option value={key} selected={key === state}>
            {name}
          </option>
        ))}
      </Choose>
      <Choose name="station" label="Station" chosen={chosen} refused={why("station")?.message}>
        {nearest ? <option value="">Nearest to the coordinates</option> : null}
        {stations.map(({ id, name }) => (
          <option value={id} selected={id === chosen}>
            {`${name} (${id})`}
          </option>
        ))}
      </Choose>
      <button class="button scripted" type="button" id="near">
        <Target /> Near me
      </button>
      <Choose name="days" label="Days" chosen={words["days"]} refused={why("days")?.message}>
        {Array.from({ length: 10 }, (_, at) => String(at + 1)).map((days) => (
          <option selected={days === (words["days"] ?? "5")}>{days}</option>
        ))}
      </Choose>
      <Choose name="units" label="Units" chosen={units}>
        <option value="metric" selected={units === "metric"}>
          °C
        </option>
        <option value="us" selected={units === "us"}>
          °F
        </option>
      </Choose>
      <button class="button main" type="submit">
        Show
      </button>
      <details class="more" open={open || why("latitude", "longitude", "start", "observed") !== undefined}>
        <summary>Coordinates, first day, yesterday’s weather</summary>
        <div class="fields">
          <Field
            name="latitude"
            label="Latitude, °N"
            value={words["latitude"]}
            why={why("latitude")?.message}
          />
          <Field
            name="longitude"
            label="Longitude, °E"
            value={words["longitude"]}
            why={why("longitude")?.message}
          />
          <Field
            name="start"
            label="First day"
            type="date"
            value={words["start"]}
            why={why("start")?.message}
          />
          {observedFields.map((name) => (
            <Field
              name={name}
              label={labels[name]}
              value={observed[name]}
              why={name === wrong ? observedWhy : undefined}
            />
          ))}
        </div>
      </details>
    </form>
  );
}

interface ChooseProps {
  readonly name: string;
  readonly label: string;
  readonly chosen: string | undefined;
  readonly refused?: string | undefined;
  readonly children: ComponentChildren;
}

const Choose = ({ name, label, refused, children }: ChooseProps) => (
  <div
    class={refused === undefined ? `field s-${name}` : `field s-${name} wrong`}
    id={`field-${name}`}
    data-live
  >
    <label for={name}>{label}</label>
    <span class="select">
      <select
        name={name}
        id={name}
        aria-invalid={refused === undefined ? undefined : true}
        aria-describedby={refused === undefined ? undefined : `why-${name}`}
      >
        {children}
      </select>
      <Chevron />
    </span>
    <Why name={name} message={refused} />
  </div>
);

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly type?: "number" | "date";
  readonly why?: string | undefined;
}

const Field = ({ name, label, value, type = "number", why }: FieldProps) => (
  <div class={why === undefined ? "field" : "field wrong"} id={`field-${name}`} data-live>
    <label for={name}>{label}</label>
    <input
      id={name}
      name={name}
      type={type}
      step={type === "number" ? "any" : undefined}
      value={value}
      aria-invalid={why === undefined ? undefined : true}
      aria-describedby={why === undefined ? undefined : `why-${name}`}
    />
    <Why name={name} message={why} />
  </div>
);

const Why = ({ name, message }: { name: string; message: string | undefined }) =>
  message === undefined ? null : (
    <p class="why" id={`why-${name}`}>
      {message}
    </p>
  );

/** The figures of the word `observed`, in the reader's units. Nothing for one that cannot be read: the refusal quotes it. */
function observedIn({ words, units }: ForecastData): Partial<Record<ObservedField, string>> {
  const parts = (words["observed"] ?? "").split(",");
  return Object.fromEntries(
    observedFields.map((name, at) => {
      const quantity = quantityOf[name];
      try {
        const value = measure(parts[at] ?? "", quantity, name, units);
        return [name, String(Math.round(unitsOf[units][quantity].fromMetric(value) * 100) / 100)];
      } catch {
        return [name, undefined];
      }
    }),
  );
}
