/**
 * Whether two binding keys of a topic exchange can catch the same routing key: `*` stands for one word, `#` for any
 * number of words (AMQP 0-9-1, section 3.1.3.3). `#.ohio` and `sports.#` do, in `sports.ohio`; `#.virginia` and
 * `#.west-virginia` do not, because a hyphen ends no word.
 */
export function overlap(one: string, other: string): boolean {
  return meet(one.split("."), other.split("."));
}

function meet(one: readonly string[], other: readonly string[]): boolean {
  const [word, ...rest] = one;
  const [otherWord, ...otherRest] = other;
  if (word === undefined) return other.every((left) => left === "#");
  // A "#" is nothing, or one word more.
  if (word === "#") return meet(rest, other) || (otherWord !== undefined && meet(one, otherRest));
  if (otherWord === "#" || otherWord === undefined) return otherWord === "#" && meet(other, one);
  return (word === otherWord || word === "*" || otherWord === "*") && meet(rest, otherRest);
}
