import type { ConsumeMessage } from "amqplib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Acknowledgements } from "./acknowledgements.ts";

const message = (deliveryTag: number) => ({ fields: { deliveryTag } }) as ConsumeMessage;

/** The broker's state of a channel: the deliveries that are not acknowledged. */
function channel() {
  const held = new Set<number>();
  let frames = 0;
  const soon: (() => void)[] = [];
  const writer = {
    soon: (work: () => void) => void soon.push(work),
    ack({ fields: { deliveryTag } }: ConsumeMessage, multiple: boolean) {
      frames += 1;
      if (!held.has(deliveryTag)) throw new Error(`PRECONDITION_FAILED: unknown delivery tag ${deliveryTag}`);
      for (const tag of multiple ? [...held].filter((one) => one <= deliveryTag) : [deliveryTag])
        held.delete(tag);
    },
    nack({ fields: { deliveryTag } }: ConsumeMessage) {
      if (!held.delete(deliveryTag))
        throw new Error(`PRECONDITION_FAILED: unknown delivery tag ${deliveryTag}`);
    },
  };
  const endTurn = () => soon.splice(0).forEach((work) => work());
  return { held, endTurn, acknowledgements: new Acknowledgements(writer), frames: () => frames };
}

describe("acknowledgements", () => {
  it("are one frame for all deliveries before the oldest unfinished request, and one frame for each later one", () => {
    const { held, endTurn, acknowledgements, frames } = channel();
    for (let tag = 1; tag <= 10; tag += 1) {
      held.add(tag);
      acknowledgements.delivered(message(tag));
    }
    for (const tag of [3, 1, 4, 2, 9, 7]) acknowledgements.finished(message(tag));
    endTurn();
    expect([...held]).toEqual([5, 6, 8, 10]);
    expect(frames()).toBe(3);
  });

  it("are sent for finished requests, at the end of the turn, and never for others", () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant("deliver" as const) },
      { weight: 4, arbitrary: fc.record({ finish: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ reject: fc.nat(), requeue: fc.boolean() }) },
      { weight: 2, arbitrary: fc.constant("turn" as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { held, endTurn, acknowledgements } = channel();
        const inWork: number[] = [];
        let newest = 0;
        for (const one of steps) {
          if (one === "deliver") {
            inWork.push((newest += 1));
            held.add(newest);
            acknowledgements.delivered(message(newest));
          } else if (one === "turn") {
            endTurn();
            expect([...held]).toEqual(inWork.toSorted((first, second) => first - second));
          } else if (inWork.length > 0) {
            const [tag = 0] = inWork.splice(("finish" in one ? one.finish : one.reject) % inWork.length, 1);
            if ("finish" in one) acknowledgements.finished(message(tag));
            else acknowledgements.rejected(message(tag), one.requeue);
          }
        }
      }),
    );
  });
});
