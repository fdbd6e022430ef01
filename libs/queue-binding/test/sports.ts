import { connect, type Broker } from "../src/index.ts";
import { test as base } from "@weather/testing/vitest";

export * from "./sports-conversation.ts";

/** A vitest `test` with `open`: a connection to the test's virtual host that is drained after it. */
export const test = base.extend<{ open: (name?: string) => Promise<Broker> }>({
  open: async ({ vhost, afterwards }, use) => {
    await use(async (name = "test") => {
      const broker = await connect(vhost.url, { name });
      afterwards(() => broker.drain());
      return broker;
    });
  },
});
