import { describe, expect, it } from "vitest";
import { QueueMonitor, trust } from "./queue-monitor.ts";

const counts = (servers: number) => ({ waiting: 3, servers });
const monitor = () => new QueueMonitor(10_000);

describe("a queue", () => {
  it("is unserved at once if it never had a server", () => {
    const watch = monitor();
    expect(watch.counted(watch.queue("sports"), counts(0), 5)).toBe("unserved");
  });

  it("is absent for a while after it had one, then unserved", () => {
    const watch = monitor();
    const queue = watch.queue("sports");
    expect(watch.counted(queue, counts(2), 1_000)).toBe("served");
    expect(watch.counted(queue, counts(0), 2_000)).toBe("absent");
    expect(watch.counted(queue, counts(0), 10_999)).toBe("absent");
    expect(watch.counted(queue, counts(0), 11_000)).toBe("unserved");
    expect(watch.counted(queue, counts(1), 11_500)).toBe("served");
  });

  it("that sent a reply is served", () => {
    const watch = monitor();
    const queue = watch.queue("sports");
    watch.answered(queue, 900, 1_000);
    expect(watch.counted(queue, counts(0), 5_000)).toBe("absent");
  });

  it("that the broker does not know is left to the broker, which returns the request", () => {
    const watch = monitor();
    expect(watch.counted(watch.queue("nowhere"), undefined, 5)).toBe("served");
  });

  it("is trusted for a second after a sign of life, and not at all before", () => {
    const watch = monitor();
    const queue = watch.queue("sports");
    expect(queue.trusted).toBe(-Infinity);
    watch.counted(queue, counts(1), 1_000);
    expect(queue.trusted).toBe(1_000 + trust);
    watch.counted(queue, counts(0), 1_100);
    expect(queue.trusted).toBe(-Infinity);
  });

  it("gets the whole time again when the connection is back, if it had servers before", () => {
    const watch = monitor();
    const [had, never] = [watch.queue("had"), watch.queue("never")];
    watch.counted(had, counts(1), 1_000);
    watch.reconnected(60_000);
    expect(watch.counted(had, counts(0), 60_100)).toBe("absent");
    expect(watch.counted(never, counts(0), 60_100)).toBe("unserved");
  });

  it("is looked at while requests wait in the client, or are not answered for a second, or travel in batches", () => {
    const watch = monitor();
    const [held, silent, young, batches] = ["held", "silent", "young", "batches"].map((name) =>
      watch.queue(name),
    );
    if (!held || !silent || !young || !batches) throw new Error("four queues");
    for (const queue of [silent, young, batches]) watch.counted(queue, counts(1), 1_000);
    const now = 1_000 + trust;
    watch.answered(batches, 900, now);
    const requests = [
      { queue: held, sent: 0, batch: undefined },
      { queue: silent, sent: 1_000, batch: undefined },
      { queue: young, sent: now - 10, batch: undefined },
      { queue: batches, sent: now - 10, batch: "+a" },
    ];
    expect([...watch.toLookAt(requests, now)]).toEqual([held, silent, batches]);
  });
});
