/**
 * Whether a topic exchange matches a routing key with a binding key. Both are words joined by dots. In the binding key `*`
 * stands for one word and `#` for any number of words (rabbitmq.com/tutorials/tutorial-five-javascript).
 */
export function matches(bindingKey: string, routingKey: string): boolean {
  return matchesWords(bindingKey.split("."), routingKey.split("."));
}

function matchesWords([pattern, ...patterns]: string[], words: string[]): boolean {
  if (pattern === undefined) return words.length === 0;
  const [word, ...rest] = words;
  if (pattern === "#")
    return (
      matchesWords(patterns, words) || (word !== undefined && matchesWords([pattern, ...patterns], rest))
    );
  return word !== undefined && (pattern === "*" || pattern === word) && matchesWords(patterns, rest);
}
