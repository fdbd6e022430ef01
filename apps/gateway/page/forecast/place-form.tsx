/** @jsxRuntime automatic @jsxImportSource preact */
import { measure, quantityOf, states, unitsOf } from "@weather/contracts";
import type { ComponentChildren } from "preact";
import { Chevron, Target } from "../icons.tsx";
import type { ForecastData } from "./view-data.ts";

/** The id of the form. Fields in other parts of the page also belong to the form. */
export const formId = "question";

const observedFields = ["high", "low", "precipitation"] as const;
type ObservedField = (typeof observedFields)[number];

/** The field of a refusal's path, such as `high` of `observed.high`. */
const nameOf = (path: string) => path.split(".").at(-1) ?? "";

/** Whether the form shows the reason for a refused path at a field. */
export const isField = (path: string): boolean =>
  ["station", "days", "latitude", "longitude", "start", "observed", "date", ...observedFields].includes(
    nameOf(path),
  );

/** The form for place, number of days and observation. */
export function PlaceForm({ data }: { data: ForecastData }) {
  const { state, words, units, stations, answered, refused } = data;
  const errors = refused?.errors ?? [];
  const why = (...fields: string[]) => errors.find(({ path }) => fields.includes(nameOf(path)));
  const observed = observedIn(data);
  const { temperature, precipitation } = unitsOf[units];
  const observedWhy = why("observed", "high", "low", "precipitation", "date")?.message;
  const labels = {
    high: `High of the day before, ${temperature.symbol}`,
    low: `Its low, ${temperature.symbol}`,
    precipitation: `Its rain, ${precipitation.symbol}`,
  };
  // A message begins with the name of its field.
  const wrong = observedFields.find((name) => observedWhy?.startsWith(`${name}:`)) ?? "high";
  const nearest = words["latitude"] !== undefined;
  const chosen = nearest ? "" : (words["station"]?.toUpperCase() ?? answered?.forecast.station.id);
  const days = words["days"] ?? "5";
  // Without an answer there is no slider, which has the limit otherwise. A limit that is refused is dropped.
  const risk = answered?.risk || why("risk") ? [] : ["risk"];
  const open = ["latitude", "start", "observed"].some((name) => words[name] !== undefined);
  return (
    <form class="place" id={formId} method="get" action="/" aria-label="Where, and how far ahead">
      <div id="made-for" data-live hidden>
        <input type="hidden" name="was" value={state} />
        <input type="hidden" name="in" value={units} />
        {["members", "seed", "model", "theme", ...risk].map((name) =>
          words[name] === undefined ? null : <input type="hidden" name={name} value={words[name]} />,
        )}
      </div>
      <Choose name="state" label="State">
        {Object.entries(states).map(([key, { name }]) => (
          <option value={key} selected={key === state}>
            {name}
          </option>
        ))}
      </Choose>
      <Choose name="station" label="Station" refused={why("station") !== undefined}>
        {stations.some(({ id }) => id === chosen) || (chosen === undefined && stations.length > 0) ? null : (
          <option value={chosen ?? ""} selected>
            {nearest ? "Nearest to the coordinates" : (chosen ?? "The state’s first")}
          </option>
        )}
        {stations.map(({ id, name }) => (
          <option value={id} selected={id === chosen}>
            {`${name} (${id})`}
          </option>
        ))}
      </Choose>
      <button class="button scripted" type="button" id="near">
        <Target /> Near me
      </button>
      <Choose name="days" label="Days" refused={why("days") !== undefined}>
        {[...new Set([...Array.from({ length: 10 }, (_, at) => String(at + 1)), days])].map((choice) => (
          <option selected={choice === days}>{choice}</option>
        ))}
      </Choose>
      <Choose name="units" label="Units">
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
      <div id="refused-choices" data-live>
        {["station", "days"].map((name) => (
          <Why name={name} message={why(name)?.message}>
            {states[state].name} refused <code>{name}</code>:{" "}
          </Why>
        ))}
      </div>
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
  /** Whether the field is refused. The reason stands below the row, because the column is too narrow for it. */
  readonly refused?: boolean;
  readonly children: ComponentChildren;
}

const Choose = ({ name, label, refused = false, children }: ChooseProps) => (
  <div class={refused ? `field s-${name} wrong` : `field s-${name}`} id={`field-${name}`} data-live>
    <label for={name}>{label}</label>
    <span class="select">
      <select
        name={name}
        id={name}
        aria-invalid={refused ? true : undefined}
        aria-describedby={refused ? `why-${name}` : undefined}
      >
        {children}
      </select>
      <Chevron />
    </span>
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

interface WhyProps {
  readonly name: string;
  readonly message: string | undefined;
  readonly children?: ComponentChildren;
}

const Why = ({ name, message, children }: WhyProps) =>
  message === undefined ? null : (
    <p class="why" id={`why-${name}`}>
      {children}
      {message}
    </p>
  );

/** The figures of the parameter `observed`, in the reader's units. One that cannot be read is missing: the refusal quotes it. */
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
