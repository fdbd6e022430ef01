import { overlap, within, type Piece, type Span } from "./spans.ts";

const hour = 3_600_000;
/** A probability of precipitation holds for 12 hours at most, however long NWS leaves it unchanged. */
const longestPeriod = 12 * hour;

/**
 * The chance that it rains on a day at all, from the chances of its pieces. It lies between two limits. If the pieces
 * depend on each other completely, it is the greatest of them. If they are independent, it is 1 - Π (1 - p)^(h / 12) over
 * the pieces' chances p and the hours h that they have of the day, because NWS gives chances of 12 hours: so it does not
 * matter into how many pieces it cuts them. Rain comes in spells, but one shower does not tell of the next: the chance
 * is halfway between the limits. A piece that reaches over midnight counts for the first limit as a whole if half of it is
 * in the day, and with 1 - (1 - p)^(twice its share) if less is.
 *
 * @returns undefined for a day of whose hours, from the first that NWS tells of, less than half have a chance
 */
export function chanceOn(pieces: readonly Piece[], day: Span): number | undefined {
  const time = fromFirst(pieces, day);
  const parts = within(pieces, time);
  const covered = parts.reduce((sum, piece) => sum + overlap(piece, time), 0);
  if (parts.length === 0 || covered < (time.to - time.from) / 2) return undefined;
  const greatest = Math.max(
    ...parts.map((piece) => 1 - (1 - piece.value) ** Math.min(1, 2 * shareIn(piece, time))),
  );
  const allDry = parts.reduce(
    (dry, piece) => dry * (1 - piece.value) ** (overlap(piece, time) / longestPeriod),
    1,
  );
  return (greatest + Math.max(greatest, 1 - allDry)) / 2;
}

/** The share of a piece's own period that lies in a time. */
const shareIn = (piece: Piece, time: Span) =>
  overlap(piece, time) / Math.min(piece.to - piece.from, longestPeriod);

/**
 * What falls on the day, mm, each interval's amount spread evenly over it. Of the first day it is what is still to come;
 * undefined for a day of which NWS has forecast a part only.
 */
export function amountOn(pieces: readonly Piece[], day: Span): number | undefined {
  const time = fromFirst(pieces, day);
  const parts = within(pieces, time);
  const covered = parts.reduce((sum, piece) => sum + overlap(piece, time), 0);
  if (parts.length === 0 || covered < time.to - time.from) return undefined;
  return parts.reduce(
    (sum, piece) => sum + (piece.value * overlap(piece, time)) / (piece.to - piece.from),
    0,
  );
}

/** The part of a day that begins no sooner than the first piece. */
const fromFirst = (pieces: readonly Piece[], day: Span): Span => ({
  from: Math.max(day.from, Math.min(...pieces.map(({ from }) => from))),
  to: day.to,
});
