/** Reads a page of this gateway. @param patience seconds that the gateway may wait for a farm */
export async function read(
  address: string,
  patience: number,
  signal: AbortSignal,
): Promise<{ page: Document; url: string }> {
  const response = await fetch(address, {
    headers: { accept: "text/html", prefer: `wait=${patience}` },
    signal,
  });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.getElementById("answer")) throw new Error(`no page at ${response.url}`);
  return { page, url: response.url };
}

/**
 * Replaces the parts of this page that differ in another page. Other parts stay, and with them the focus, an opened list and typed
 * text.
 *
 * @param same whether the other page has the same URL. If it has no figures, those of this page stay
 * @returns whether figures of this page stay that the other page does not have
 */
export function exchange(page: Document, same: boolean): { kept: boolean } {
  const [shown, fresh] = [document, page].map((one) => one.getElementById("answer"));
  const before = shown?.dataset["state"];
  const after = fresh?.dataset["state"];
  const focused = document.activeElement?.id ?? "";
  document.title = page.title;
  // Only the first answer comes in parts. Later ones replace figures in place.
  if (before === after) document.getElementById("main")?.removeAttribute("data-first");
  const keep = same && before === "answered" && after === "refused";
  if (shown && fresh && !keep) {
    if (before !== after) shown.innerHTML = fresh.innerHTML;
    for (const { name, value } of fresh.attributes) shown.setAttribute(name, value);
    if (after !== "answered") shown.removeAttribute("data-until");
  }
  for (const part of document.querySelectorAll<HTMLElement>(keep ? "#notice" : "[data-live]")) {
    const other = page.getElementById(part.id);
    // A slider that is being dragged is ahead of its answer.
    const dragged = part.contains(document.activeElement) && part.querySelector("input[type=range]:focus");
    if (other && !dragged && other.outerHTML !== part.outerHTML) part.replaceWith(document.adoptNode(other));
  }
  const section = document.querySelector(".likely");
  section?.setAttribute("class", page.querySelector(".likely")?.className ?? section.className);
  if (focused !== "" && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  planRetry();
  return { kept: keep };
}

/** Notes when the page should ask again, as the gateway says. */
export function planRetry(): void {
  const notice = document.getElementById("notice");
  const { retry } = notice?.dataset ?? {};
  if (notice && retry !== undefined) notice.dataset["retryAt"] = String(Date.now() + Number(retry) * 1_000);
}
