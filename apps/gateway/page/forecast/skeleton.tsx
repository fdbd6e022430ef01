/** @jsxRuntime automatic @jsxImportSource preact */
import { states } from "@weather/contracts";
import type { ForecastData } from "./view-data.ts";
import { addressOf } from "./form-words.ts";

/** Grey shapes in place of the answer, of the same height. */
export const Skeleton = ({ data: { state, words } }: { data: ForecastData }) => (
  <>
    <h1>{states[state].name}</h1>
    <p class="lead" role="status">
      Asking {states[state].name}…
    </p>
    <noscript>
      <p>
        <a href={addressOf(state, words)}>Look again</a>
      </p>
    </noscript>
    <svg class="bones" width="100%" height="900" aria-hidden="true">
      <rect y="14" width="36%" height="18" rx="6" />
      <rect y="130" width="100%" height="220" rx="6" />
      <rect y="390" width="100%" height="220" rx="6" />
      <rect y="650" width="100%" height="120" rx="6" />
    </svg>
  </>
);
