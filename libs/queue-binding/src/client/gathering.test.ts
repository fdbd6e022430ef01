import { describe, expect, it } from "vitest";
import { Gathering } from "./gathering.ts";

async function read(gathering: Gathering): Promise<{ contents: string[]; dropped: number }> {
  const contents: string[] = [];
  let dropped = 0;
  for (let next = await gathering.next(); next; next = await gathering.next()) {
    contents.push(next.content.toString());
    dropped += next.dropped;
  }
  return { contents, dropped };
}

describe("gathered replies", () => {
  it("wait for a slow reader, at most a thousand: the oldest are dropped, and counted with the next", async () => {
    const gathering = new Gathering();
    for (let number = 1; number <= 2_500; number += 1) gathering.take(Buffer.from(String(number)));
    gathering.end();
    expect(await gathering.next()).toEqual({ content: Buffer.from("1501"), dropped: 1_500 });
    const { contents, dropped } = await read(gathering);
    expect([contents.length, contents.at(-1), dropped]).toEqual([999, "2500", 0]);
  });

  it("wait in 8 MiB at most, and one that is larger waits alone", async () => {
    const gathering = new Gathering();
    const megabyte = Buffer.alloc(2 ** 20);
    for (let number = 0; number < 20; number += 1) gathering.take(megabyte);
    gathering.end();
    expect(await read(gathering)).toMatchObject({ dropped: 12 });
    const giant = new Gathering();
    giant.take(Buffer.alloc(9 * 2 ** 20));
    giant.end();
    expect((await read(giant)).contents).toHaveLength(1);
  });

  it("come before the error that ends them", async () => {
    const gathering = new Gathering();
    gathering.take(Buffer.from("first"));
    gathering.fail(new Error("drained"));
    expect((await gathering.next())?.content.toString()).toBe("first");
    await expect(gathering.next()).rejects.toThrow("drained");
  });

  it("wake the reader who waits for them", async () => {
    const gathering = new Gathering();
    const next = gathering.next();
    gathering.take(Buffer.from("late"));
    expect((await next)?.content.toString()).toBe("late");
  });
});
