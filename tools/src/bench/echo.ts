import * as z from "zod";

const number = z.int();
const text = z.string();
const request = z.strictObject({
  number,
  work: z.number().min(0).describe("Milliseconds of computing"),
  text,
});
const reply = z.strictObject({ number, text });

/** A conversation of any name. Its servers compute for a given time, and then return the text of the request. */
export const echoFrom = (name: string) =>
  ({
    exchange: "amq.topic",
    routingKey: `echo.${name}`,
    queue: `echo.${name}`,
    bindingKey: `#.${name}`,
    deadLetter: "echo.dead-letter",
    request,
    reply,
  }) as const;

type Asked = z.output<typeof request>;
export type Echo = z.output<typeof reply>;

export function echo({ number, work, text }: Asked): Echo {
  const until = performance.now() + work;
  while (performance.now() < until);
  return { number, text };
}
