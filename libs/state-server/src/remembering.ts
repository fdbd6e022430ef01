import type { Day, Forecaster, Question, Risk } from "@weather/forecast-model";
import { LRUCache } from "lru-cache";

/**
 * The same forecaster, which answers a question that it was asked lately from memory: the model is pure, so the same
 * question has the same answer. Answers are shared between replies; nobody changes them.
 *
 * @param entries Most answers to keep, the latest used; 0 for none. One of 5 days takes about 2 kB.
 */
export function remembering(forecaster: Forecaster, entries: number): Forecaster {
  if (entries === 0) return forecaster;
  const days = remembered<Question, Day[]>(forecaster.forecast, entries);
  const risks = remembered<Parameters<Forecaster["risk"]>[0], Risk>(forecaster.risk, entries);
  return { ...forecaster, forecast: days, risk: risks };
}

function remembered<Asked extends object, Answer extends object>(
  answer: (asked: Asked) => Answer,
  entries: number,
): (asked: Asked) => Answer {
  const answers = new LRUCache<string, Answer>({ max: entries });
  return (asked) => {
    const key = JSON.stringify(asked);
    let known = answers.get(key);
    if (known === undefined) answers.set(key, (known = answer(asked)));
    return known;
  };
}
