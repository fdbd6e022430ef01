/** An interval of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A value, and its period of validity. */
export interface Piece extends Span {
  readonly value: number;
}

export const within = (pieces: readonly Piece[], time: Span) =>
  pieces.filter((piece) => overlap(piece, time) > 0);

/** Overlap of two spans, in milliseconds. Negative if they are apart. */
export const overlap = (one: Span, other: Span) =>
  Math.min(one.to, other.to) - Math.max(one.from, other.from);
