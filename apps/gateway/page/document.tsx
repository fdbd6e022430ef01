/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { Brand } from "./icons.tsx";

interface DocumentOptions {
  readonly title: string;
  readonly view: "forecast" | "farms";
  readonly style: string;
  /** Paths of the files that the document loads. */
  readonly files: { readonly script: string; readonly icon: string };
  /** @default that of the reader's system */
  readonly theme?: "light" | "dark" | undefined;
}

/** The browser draws nothing before the foot is there, and so the whole view: a part that comes later would move those before it. */
const untilWhole = { rel: "expect", href: "#foot", blocking: "render" };

/** A whole HTML document around a view. */
export function htmlDocument(
  { title, view, style, files, theme }: DocumentOptions,
  children: ComponentChildren,
): string {
  const tab = (name: "forecast" | "farms", href: string, text: string) => (
    <a id={`tab-${name}`} href={href} aria-current={view === name ? "page" : undefined}>
      {text}
    </a>
  );
  const markup = renderToString(
    <html lang="en" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – Weather farm`}</title>
        <meta
          name="description"
          content="Weather forecasts with their uncertainty, served by farms of workers, one per US state."
        />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={files.icon} />
        <link {...untilWhole} />
        <style dangerouslySetInnerHTML={{ __html: style }} />
        <script type="module" src={files.script} />
      </head>
      <body>
        <a class="skip" href="#main">
          To the {view}
        </a>
        <header class="top">
          <div class="sheet">
            <a class="brand" href="/">
              <Brand /> Weather farm
            </a>
            <nav class="tabs" aria-label="Views">
              {tab("forecast", "/", "Forecast")}
              {tab("farms", "/farms", "Farms")}
            </nav>
          </div>
        </header>
        <main id="main" tabIndex={-1} data-first>
          {children}
        </main>
        <footer class="foot" id="foot">
          <div class="sheet">
            <p>
              Each state’s farm of workers answers over RabbitMQ. This page asks nothing of any other host.
            </p>
          </div>
        </footer>
      </body>
    </html>,
  );
  return `<!doctype html>${markup}`;
}
