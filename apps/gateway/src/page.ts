import type { Answered } from "./answers.ts";
import { formed, type Look } from "./forms.ts";

/** What a browser gets: the forecast as a picture and as text. */
export function page(reply: Answered, look: Look): string {
  const text = formed(reply, "text", look).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const picture = reply.outcome === "forecast" ? formed(reply, "svg", look) : "";
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${reply.station.id}</title>` +
    `<main>${picture}<pre>${text}</pre></main></html>`
  );
}
