import { overlap, within, type Piece, type Span } from "./spans.ts";

const hour = 3_600_000;
/** A probability of precipitation is for at most 12 hours, even if NWS gives a longer period. */
const longestPeriod = 12 * hour;

/**
 * Probability of precipitation for a whole day, from the probabilities of its periods. It lies between two limits. If the
 * periods are completely dependent, it is the greatest of them. If they are independent, it is 1 - Π (1 - p)^(h / 12), where
 * p is the probability of a period and h its hours within the day. NWS's probabilities are for 12 hours, so the exponent
 * makes the result independent of the number of periods. Rain is partly persistent, so the result is halfway between the
 * limits. A period across midnight counts fully for the first limit if half of it is in the day. With a smaller share it
 * counts as 1 - (1 - p)^(twice its share).
 *
 * @returns undefined if less than half of the day's forecast hours have a probability
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

/** The share of a period that lies in a span. */
const shareIn = (piece: Piece, time: Span) =>
  overlap(piece, time) / Math.min(piece.to - piece.from, longestPeriod);

/**
 * Precipitation of a day, in mm. The amount of each interval is spread evenly over it. The first day counts only from the
 * start of the forecast. Undefined for a day that NWS has forecast only in part.
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

/** The part of a day from the first period on. */
const fromFirst = (pieces: readonly Piece[], day: Span): Span => ({
  from: Math.max(day.from, Math.min(...pieces.map(({ from }) => from))),
  to: day.to,
});
