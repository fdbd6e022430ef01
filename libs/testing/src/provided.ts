import type { TestBroker } from "./vhost.ts";

// Values that vitest's global set-up provides to the tests.
declare module "vitest" {
  interface ProvidedContext {
    broker: TestBroker;
  }
}
