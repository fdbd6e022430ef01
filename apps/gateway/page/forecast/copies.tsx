/** @jsxRuntime automatic @jsxImportSource preact */
import { addressOf, type Words } from "./form-words.ts";
import type { ForecastData } from "./view-data.ts";

/** Commands and links for the same forecast: in a terminal, in a program, as a picture. If the URL has a limit, also for its chances. */
export function Copies({ data: { state, words, origin } }: { data: ForecastData }) {
  const { theme: _, risk, ...forecast } = words;
  const curl = `curl ${quoted(origin + addressOf(state, forecast))}`;
  const command = `npx weather forecast ${[state, ...optionsOf(forecast)].join(" ")}`;
  const json = addressOf(state, forecast, `/v1/forecasts/${state}.json`);
  const svg = addressOf(state, forecast, `/v1/forecasts/${state}.svg`);
  const rows: [label: string, text: string, href?: string][] = [
    ["curl", curl],
    ["weather", command],
    ["JSON", json, json],
    ["SVG", svg, svg],
    ...(risk === undefined ? [] : [["chances", `${command} --risk ${quoted(risk)}`] as [string, string]]),
  ];
  return (
    <section aria-labelledby="take-title" class="take">
      <h2 id="take-title">Take it with you</h2>
      <ul class="copies">
        {rows.map(([label, text, href]) => (
          <li>
            <span class="quiet">{label}</span>
            {href === undefined ? (
              <code>{text}</code>
            ) : (
              <a href={href}>
                <code>{text}</code>
              </a>
            )}
            <button
              class="button slim scripted"
              type="button"
              data-copy={href === undefined ? text : origin + href}
              aria-label={`Copy for ${label}`}
            >
              Copy
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The options of the `weather` command for these words. */
const optionsOf = (words: Words) =>
  Object.entries(words)
    .filter(([name]) => name !== "format")
    .map(([name, word]) => `--${name}${word.startsWith("-") ? "=" : " "}${quoted(word)}`);

/** A text as one word for a shell. */
const quoted = (text: string) => (/^[\w./:,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
