/**
 * Runs in a page, so it must not refer to anything outside itself.
 *
 * @returns which rules of the design are broken that axe does not know: size, contrast and place of texts, size of targets
 */
export function brokenRules(): string[] {
  const faults: string[] = [];
  // In an SVG, checkVisibility() finds elements visible that are not displayed.
  const displayed = (element: Element | null): boolean =>
    element === null || (getComputedStyle(element).display !== "none" && displayed(element.parentElement));
  const seen = (element: Element) =>
    displayed(element) &&
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.closest(".hidden, .skip, [aria-hidden=true] text, title, desc, option, thead") === null;

  interface Text {
    readonly words: string;
    readonly box: DOMRect;
    readonly element: Element;
  }
  const texts: Text[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? "";
    if (
      words === "" ||
      !element ||
      !seen(element) ||
      ["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName)
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1) texts.push({ words: words.slice(0, 40), box, element });
  }

  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string) => {
    const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (element: Element | null): string => {
    if (!element) return "rgb(255, 255, 255)";
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? ground(element.parentElement) : backgroundColor;
  };

  for (const { words, element } of texts) {
    const style = getComputedStyle(element);
    const scale = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1;
    const size = parseFloat(style.fontSize) * scale;
    if (size < 11.99) faults.push(`text of ${size} px: ${words}`);
    if (element instanceof SVGElement && matchMedia("(forced-colors: none)").matches) {
      const ratio = contrast(style.fill, ground(element.closest("svg")?.parentElement ?? null));
      if (ratio < 4.5) faults.push(`contrast of ${ratio.toFixed(2)}: ${words}`);
    }
  }

  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    faults.push(`scrolls sideways: ${document.documentElement.scrollWidth} px in ${width}`);
  for (const { words, box } of texts)
    if (box.right > width + 0.5 || box.left < -0.5)
      faults.push(`text out of sight: ${words} (${Math.round(box.left)} to ${Math.round(box.right)})`);

  texts.forEach((one, at) => {
    for (const other of texts.slice(at + 1)) {
      if (one.element === other.element) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      // A line's box is higher than its letters.
      if (across > 1 && down > 0.3 * Math.min(one.box.height, other.box.height)) {
        const floats = [one, other].some(({ element }) => element.closest(".note") !== null);
        if (!floats) faults.push(`texts overlap: ${one.words} | ${other.words}`);
      }
    }
  });

  for (const target of document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")) {
    if (!seen(target)) continue;
    // A link in a sentence is as high as its line (WCAG 2.2, 2.5.8).
    if (target.matches("a") && target.closest("p, dd") !== null) continue;
    const box = (target.closest("label") ?? target).getBoundingClientRect();
    // A place on the map has an equivalent in the table.
    if (target instanceof SVGElement) continue;
    const byFinger = matchMedia("(pointer: coarse)").matches && target.matches("button, select, input");
    if (box.width < 24 || box.height < (byFinger ? 43.9 : 24))
      faults.push(
        `target of ${Math.round(box.width)} × ${Math.round(box.height)} px: ${target.outerHTML.slice(0, 80)}`,
      );
  }
  for (const button of document.querySelectorAll("button"))
    if (seen(button) && button.scrollWidth > button.clientWidth + 1)
      faults.push(`text cut off: ${button.textContent}`);
  return [...new Set(faults)];
}
