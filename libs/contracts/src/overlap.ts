/**
 * Whether some routing key matches two binding keys of a topic exchange: `*` stands for one word, `#` for any number of words
 * (AMQP 0-9-1, section 3.1.3.3). `sports.ohio` matches `#.ohio` and `sports.#`. No key matches `#.virginia` and
 * `#.west-virginia`, because words are separated by dots, not by hyphens.
 */
export function overlap(one: string, other: string): boolean {
  return meet(one.split("."), other.split("."));
}

function meet(one: readonly string[], other: readonly string[]): boolean {
  const [word, ...rest] = one;
  const [otherWord, ...otherRest] = other;
  if (word === undefined) return other.every((left) => left === "#");
  // A "#" matches no word, or one word and then the same "#" again.
  if (word === "#") return meet(rest, other) || (otherWord !== undefined && meet(one, otherRest));
  if (otherWord === "#" || otherWord === undefined) return otherWord === "#" && meet(other, one);
  return (word === otherWord || word === "*" || otherWord === "*") && meet(rest, otherRest);
}
