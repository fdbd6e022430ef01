/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { Clock, Warning } from "./icons.tsx";

interface NoteProps {
  /** `bad`: something is wrong. `late`: figures are old. `plain`: neither. */
  readonly kind: "bad" | "late" | "plain";
  readonly children: ComponentChildren;
}

/** A sentence or two that the reader should see first. */
export const Note = ({ kind, children }: NoteProps) => (
  <div class={`note ${kind}`} role="status">
    {kind === "bad" ? <Warning /> : <Clock />}
    {children}
  </div>
);
