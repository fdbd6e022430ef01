import { exchange, planRetry, read } from "./exchange.ts";
import { rememberForecast } from "./last-forecast.ts";
import { addToNote, note } from "./note.ts";

/** How long the gateway should wait for a farm, in seconds. After that it says why there is no answer. */
const patience = 10;
/** Milliseconds after which the page says that it is asking. */
const notice = 400;

const form = () => document.getElementById("question") as HTMLFormElement;
const answer = () => document.getElementById("answer");

let current = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

// Changes the forecast in place: fetches the same HTML, and replaces its live parts. Without this script the page works too.
followForecast();

function followForecast(): void {
  addEventListener("submit", (event) => {
    event.preventDefault();
    void show(asked());
  });
  addEventListener("change", ({ target }) => {
    // A text field waits for the button Show, because it may need another field.
    if (target instanceof HTMLSelectElement) {
      if (target.name === "station") for (const name of ["latitude", "longitude"]) empty(name);
      void show(asked());
    } else if (target instanceof HTMLInputElement && target.type === "radio") {
      void show(asked());
    }
  });
  addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement && target.type === "range")) return;
    const shown = document.getElementById("limit-shown");
    if (shown) shown.textContent = `${target.value.replace("-", "−")} ${target.dataset["unit"] ?? ""}`;
    clearTimeout(timer);
    timer = setTimeout(() => void show(asked(), "replace"), 150);
  });
  addEventListener("popstate", () => void show(location.href, "keep"));
  addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.id === "near") locate();
    else if (button?.dataset["copy"]) void copy(button, button.dataset["copy"]);
  });
  addEventListener("online", () => void show(location.href, "keep"));
  addEventListener("offline", () => old("You are offline."));
  rememberForecast();
  planRetry();
  setInterval(lookAgain, 1_000);
  if (answer()?.dataset["state"] === "asking") void show(location.href, "keep");
  age();
}

/** The URL that the form asks for. @param without the name of a field to leave out */
function asked(without = ""): string {
  const fields = [...new FormData(form())].filter(([name]) => name !== without);
  return `/?${new URLSearchParams(fields as [string, string][]).toString()}`;
}

function empty(name: string): void {
  const field = form().elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = "";
}

/** Shows the page at a URL. @param history whether the URL becomes a new entry, replaces the entry, or changes nothing */
async function show(address: string, history: "push" | "replace" | "keep" = "push"): Promise<void> {
  current.abort();
  clearTimeout(timer);
  const { signal } = (current = new AbortController());
  const state = form().elements.namedItem("state") as HTMLSelectElement;
  const waiting = setTimeout(() => {
    answer()?.setAttribute("aria-busy", "true");
    // A skeleton says so itself.
    if (answer()?.dataset["state"] !== "asking")
      note("plain", `Asking ${state.selectedOptions[0]?.text ?? "the farm"}…`);
  }, notice);
  try {
    const { page, url } = await read(address, patience, signal);
    if (history === "push" && url !== location.href) window.history.pushState(null, "", url);
    if (history === "replace") window.history.replaceState(null, "", url);
    rememberForecast();
    const { kept } = exchange(page, history === "keep" && url === location.href);
    age();
    if (kept) addToNote(madeWhen());
  } catch {
    if (!signal.aborted) old(navigator.onLine ? "The gateway does not answer." : "You are offline.");
  } finally {
    clearTimeout(waiting);
    if (current.signal === signal) answer()?.removeAttribute("aria-busy");
  }
}

/** Says why the figures are old, and when they were made. */
function old(why: string): void {
  note("late", `${why} ${madeWhen()} The page asks again by itself.`, 5);
}

/** A sentence about the age of the figures. Empty without figures. */
function madeWhen(): string {
  const made = document.getElementById("made");
  return made ? `This is the forecast made ${made.textContent ?? ""}.` : "";
}

/** Asks again when the answer may have changed, or when the note says so. Does nothing while the page is hidden. */
function lookAgain(): void {
  age();
  if (document.hidden) return;
  const now = Date.now();
  const { retryAt } = document.getElementById("notice")?.dataset ?? {};
  const { until } = answer()?.dataset ?? {};
  if (retryAt === undefined ? until !== undefined && Number(until) < now : Number(retryAt) < now) {
    note("plain", "", 30);
    void show(location.href, "keep");
  }
}

/** Writes the age of the answer in words. */
function age(): void {
  const made = document.getElementById("made") as HTMLTimeElement | null;
  if (!made) return;
  const minutes = Math.floor((Date.now() - Date.parse(made.dateTime)) / 60_000);
  const { at = made.textContent ?? "" } = made.dataset;
  made.dataset["at"] = at;
  const text = minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
  const shown = minutes < 1 ? at : `${text}, ${at}`;
  if (made.textContent !== shown) made.textContent = shown;
}

/** Asks the browser for its place, when the reader presses the button. */
function locate(): void {
  if (!isSecureContext || !("geolocation" in navigator)) {
    note(
      "plain",
      "The browser tells its place only to a page that comes over HTTPS. Give coordinates instead.",
    );
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const fields = new URL(asked("was"), location.href).searchParams;
      for (const name of ["state", "station"]) fields.delete(name);
      fields.set("latitude", coords.latitude.toFixed(3));
      fields.set("longitude", coords.longitude.toFixed(3));
      void show(`/?${fields.toString()}`);
    },
    ({ message }) =>
      note("plain", `The browser did not tell its place: ${message}. Give coordinates instead.`),
    { timeout: 10_000, maximumAge: 600_000 },
  );
}

async function copy(button: HTMLButtonElement, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // Without the right to write to the clipboard, the reader can copy what is selected.
    const shown = button.parentElement?.querySelector("code");
    if (shown) getSelection()?.selectAllChildren(shown);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), 2_000);
}
