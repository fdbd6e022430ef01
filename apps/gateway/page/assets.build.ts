import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { chartStyle, ofPage, roomStyle, sparkStyle, tokens, usShapes } from "@weather/rendering";
import { build } from "esbuild";

/** A file that the page loads. Its name holds a hash of its content, so it never changes. */
interface Asset {
  /** Such as `/assets/page-1a2b3c4d.js`. */
  readonly path: string;
  readonly type: string;
  /** Its bytes as base64, by content coding. */
  readonly bytes: Readonly<Record<"identity" | "gzip" | "br", string>>;
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here(file)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    legalComments: "none",
  });
  return outputFiles[0]?.text ?? "";
}

function asset(name: string, suffix: string, type: string, text: string): Asset {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const bytes = {
    identity: Buffer.from(text),
    gzip: gzipSync(text, { level: 9 }),
    br: brotliCompressSync(text),
  };
  return {
    path: `/assets/${name}-${hash}.${suffix}`,
    type,
    bytes: {
      identity: bytes.identity.toString("base64"),
      gzip: bytes.gzip.toString("base64"),
      br: bytes.br.toString("base64"),
    },
  };
}

/** Every token as a custom property, for both themes. */
const colours = `:root{${Object.entries(tokens)
  .map(([name, [light, dark]]) => `--${name}:light-dark(${light},${dark})`)
  .join(";")}}`;

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 14 21 4v16z" fill="#f0955f"/>' +
  '<path d="M3 14 21 12.5" stroke="#b23a0e" stroke-width="2.5" stroke-linecap="round"/></svg>';

const javascript = "text/javascript; charset=utf-8";

/** The style of a view: a part of its page, so that a slow network brings both at once. */
export interface Style {
  readonly text: string;
  /** Its hash, as a Content-Security-Policy has it. */
  readonly hash: string;
}

async function styleOf(view: "forecast" | "farms", charts: string): Promise<Style> {
  const text = (colours + charts.replaceAll("\n", "") + (await bundled(`${view}/style.css`))).trim();
  return { text, hash: `sha256-${createHash("sha256").update(text).digest("base64")}` };
}

const files: Readonly<Record<"forecast" | "farms" | "icon" | "shapes", Asset>> = {
  forecast: asset("page", "js", javascript, await bundled("browser/forecast.ts")),
  farms: asset("page", "js", javascript, await bundled("browser/farms.ts")),
  icon: asset("icon", "svg", "image/svg+xml", icon),
  shapes: asset("us", "svg", "image/svg+xml", usShapes()),
};

/**
 * The files and styles of the page. This module runs when the gateway is bundled, and the bundle holds its result; from source,
 * it runs when the gateway starts.
 */
export default {
  files,
  styles: {
    forecast: await styleOf("forecast", chartStyle(ofPage) + roomStyle),
    farms: await styleOf("farms", sparkStyle(ofPage)),
  },
};
