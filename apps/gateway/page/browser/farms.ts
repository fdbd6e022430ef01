import { isStateName, type Stations } from "@weather/contracts";
import { h, hydrate, render } from "preact";
import { outcomeOf } from "../farms/ask-many.ts";
import type { Asked } from "../farms/farms-table.tsx";
import { parts, type Link } from "../farms/farms-view.tsx";
import { LiveFarms } from "../farms/live-farms.ts";
import type { MapStation, Sent } from "../farms/sent.ts";
import { leadToLastForecast } from "./last-forecast.ts";
import { LiveStream } from "./live-stream.ts";

/** How many questions the button asks. */
const questions = 200;

// Updates the farms from one EventSource. Figures change in place, and a state opens without a new page. Without this script the
// page works too.
leadToLastForecast();
const root = document.getElementById("live");
if (root?.dataset["sent"]) void followFarms(root, JSON.parse(root.dataset["sent"]) as Sent);

async function followFarms(root: HTMLElement, { atlas, event, now, ...sent }: Sent): Promise<void> {
  const live = new LiveFarms();
  // The gateway's clock may differ from this one, so only the age of the figures at their sending is used.
  if (event) live.take(event, Date.now() - Math.max(0, now - Date.parse(event.at)));
  let { open } = sent;
  let asked: Asked | undefined;
  const stations = new Map<string, readonly MapStation[]>();
  if (open && sent.stations) stations.set(open, sent.stations);

  let link = (): Link => "page";
  const view = () => ({
    farms: live.view(Date.now()),
    link: link(),
    open,
    asked,
    stations: open ? stations.get(open) : undefined,
    atlas,
    origin: sent.origin,
    now: Date.now(),
  });
  const draw = async (how = render) => {
    for (const [id, part] of Object.entries(parts)) {
      await pause();
      const element = document.getElementById(id);
      if (element) how(h(part, view()), element);
    }
  };
  const turnTo = (state: string | undefined) => {
    open = state;
    void draw();
    if (state && !stations.has(state)) void loadStations(state);
  };
  const loadStations = async (state: string) => {
    const answer = await fetch(`/v1/states/${state}/stations`).catch(() => undefined);
    if (!answer?.ok) return;
    stations.set(state, ((await answer.json()) as Stations).stations);
    void draw();
  };
  const ask = async (state: string) => {
    asked = { state, busy: true, text: `Asking ${questions} times…` };
    void draw();
    const from = performance.now();
    const text = await askMany(state).catch(() => undefined);
    const seconds = (performance.now() - from) / 1_000;
    asked = {
      state,
      busy: false,
      text: text === undefined ? "The gateway does not answer." : outcomeOf(text, questions, seconds),
    };
    void draw();
  };

  await draw(hydrate);
  let isDrawn = false;
  const stream = new LiveStream((event) => {
    live.take(event, Date.now());
    isDrawn = true;
    void draw();
  });
  link = () => stream.link;
  root.addEventListener("click", (click) => {
    const target = click.target as Element;
    const toAsk = target.closest<HTMLElement>("[data-ask]")?.dataset["ask"];
    if (toAsk) void ask(toAsk);
    const anchor = target.closest<HTMLElement | SVGElement>("[data-farm]");
    const state = anchor?.dataset["farm"];
    if (!state || click.ctrlKey || click.metaKey || click.shiftKey) return;
    click.preventDefault();
    // On the map, a state is shown; in the table, it opens and closes.
    const closes = open === state && anchor instanceof HTMLElement;
    const address = closes ? "/farms" : `/farms?farm=${state}`;
    if (address !== location.pathname + location.search) history.pushState(null, "", address);
    turnTo(closes ? undefined : state);
  });
  addEventListener("popstate", () => turnTo(openIn(location)));

  // Ages grow while no event comes.
  setInterval(() => {
    stream.watch();
    if (!isDrawn) void draw();
    isDrawn = false;
  }, 1_000);
  if (open) turnTo(open);
}

/** Lets the browser do what else it has to do. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function openIn({ search }: Location): string | undefined {
  const state = new URLSearchParams(search).get("farm") ?? "";
  return isStateName(state) ? state : undefined;
}

async function askMany(state: string): Promise<string> {
  const answer = await fetch("/v1/forecasts", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(Array.from({ length: questions }, (_, at) => ({ state, days: 10, seed: at + 1 }))),
  });
  if (answer.ok) return answer.text();
  return JSON.stringify({ problem: (await answer.json()) as unknown });
}
