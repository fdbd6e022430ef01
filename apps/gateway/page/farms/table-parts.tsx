/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren } from "preact";

// The roles keep this a table for screen readers where the style makes cards of the rows.

/** @param columns the heads of the columns; a newline is a line break. The first one is aligned left */
export const Head = ({ columns }: { readonly columns: readonly string[] }) => (
  <thead role="rowgroup">
    <tr role="row">
      {columns.map((text, at) => (
        <th role="columnheader" scope="col" class={at === 0 ? "start" : undefined}>
          {text.split("\n").flatMap((line, at) => (at === 0 ? [line] : [<br />, line]))}
        </th>
      ))}
    </tr>
  </thead>
);

interface CellProps {
  /** Its column, for a row that is a card. */
  readonly label?: string;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
}

export const Cell = ({ label, class: name, children }: CellProps) => (
  <td role="cell" data-label={label} class={name}>
    {typeof children === "string" ? <Figure text={children} /> : children}
  </td>
);

/** A figure. A zero is grey. */
export const Figure = ({ text }: { readonly text: string }) =>
  /^(≈ )?0(\.0)?$/.test(text) ? <span class="quiet">{text}</span> : <>{text}</>;
