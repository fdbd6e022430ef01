/**
 * Shows a sentence in the page's notice.
 *
 * @param text removes the notice if it is empty
 * @param retry seconds after which the page asks again by itself
 */
export function note(kind: "plain" | "late", text: string, retry?: number): void {
  const notice = document.getElementById("notice");
  if (!notice) return;
  if (retry === undefined) delete notice.dataset["retryAt"];
  else notice.dataset["retryAt"] = String(Date.now() + retry * 1_000);
  if (text === "") return;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  const box = document.createElement("div");
  box.className = `note ${kind}`;
  box.setAttribute("role", "status");
  box.append(paragraph);
  notice.replaceChildren(box);
}

/** Adds a sentence to the notice that is shown. */
export function addToNote(text: string): void {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  document.querySelector("#notice .note")?.append(paragraph);
}
