import type { TestBroker } from "./vhost.ts";

// What vitest's global set-up hands to the tests.
declare module "vitest" {
  interface ProvidedContext {
    broker: TestBroker;
  }
}
