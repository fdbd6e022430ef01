/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A value, and when it holds. */
export interface Piece extends Span {
  readonly value: number;
}

export const within = (pieces: readonly Piece[], time: Span) =>
  pieces.filter((piece) => overlap(piece, time) > 0);

/** Milliseconds that two spans share; less than 0 if they are apart. */
export const overlap = (one: Span, other: Span) =>
  Math.min(one.to, other.to) - Math.max(one.from, other.from);
