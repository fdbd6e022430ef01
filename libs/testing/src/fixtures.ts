import { inject, test as base } from "vitest";
import "./provided.ts";
import { Vhost } from "./vhost.ts";

/** A vitest `test` with its own virtual host, which is deleted after it. */
export const test = base.extend<{
  vhost: Vhost;
  /** Called after the test, last one first, even if it failed. */
  afterwards: (close: () => unknown) => void;
}>({
  // vitest reads from the destructuring which fixtures a fixture needs.

  vhost: async ({}, use) => {
    const vhost = await Vhost.create(inject("broker"));
    await use(vhost);
    await vhost.remove();
  },

  afterwards: async ({}, use) => {
    const closers: (() => unknown)[] = [];
    await use((close) => closers.push(close));
    for (const close of closers.reverse()) await close();
  },
});

/** Waits until a condition holds. @throws after `timeout` milliseconds, with the name of the condition */
export async function until(what: string, holds: () => unknown, timeout = 10_000): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > timeout) throw new Error(`waited ${timeout} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
