/** @jsxRuntime automatic @jsxImportSource preact */
import { Note } from "../note.tsx";
import { AnswerView } from "./answer-view.tsx";
import { isField, PlaceForm } from "./place-form.tsx";
import { Skeleton } from "./skeleton.tsx";
import type { ForecastData, Refused } from "./view-data.ts";

/** The forecast of a place, with its uncertainty. Parts with `data-live` are changed in place by the browser. */
export function ForecastView({ data }: { data: ForecastData }) {
  const { answered, refused } = data;
  return (
    <section class="view sheet" id="forecast" aria-label="Forecast">
      <PlaceForm data={data} />
      <div id="notice" data-live data-retry={refused?.retryAfter}>
        {refused ? <RefusedNote refused={refused} /> : null}
      </div>
      <div
        id="answer"
        data-state={answered ? "answered" : refused ? "refused" : "asking"}
        data-until={answered?.until}
      >
        {answered ? <AnswerView data={data} answered={answered} /> : null}
        {answered || refused ? null : <Skeleton data={data} />}
      </div>
    </section>
  );
}

/** Why there is no forecast. What stands at a field is not said again. */
function RefusedNote({ refused: { title, detail, errors, advice } }: { refused: Refused }) {
  const others = errors
    ?.filter(({ path }) => !isField(path))
    .map(({ path, message }) => `${path}: ${message}`);
  const text = others?.join("; ") ?? detail;
  return (
    <>
      <h1>{title}</h1>
      {text === "" ? (
        <p class="quiet">The reason stands at the field above.</p>
      ) : (
        <Note kind="bad">
          <p>{text}</p>
          {advice === undefined ? null : <p>{withCode(advice)}</p>}
        </Note>
      )}
    </>
  );
}

/** A sentence with commands between backticks. */
const withCode = (text: string) =>
  text.split("`").map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part));
