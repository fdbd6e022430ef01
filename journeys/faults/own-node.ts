import { afterAll, beforeAll } from "vitest";
import { PrivateBroker, Vhost } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { test as base } from "../farm.ts";
import { faults } from "./trial.ts";

/** A private broker for the faults of one file. @param subject as in {@link faults} */
export function ownNode(subject: string) {
  let node: PrivateBroker;
  beforeAll(async () => {
    node = await PrivateBroker.start({ server: serverForTests(), management: true });
  });
  afterAll(() => node.stop());
  const test = base.extend<{ vhost: Vhost }>({
    vhost: async ({}, use) => {
      const vhost = await Vhost.create(node);
      await use(vhost);
      await vhost.remove();
    },
  });
  return {
    /** The broker, once the tests run. */
    get node(): PrivateBroker {
      return node;
    },
    fault: (...[name, options, during]: Parameters<ReturnType<typeof faults>>) =>
      faults(subject)(name, options, during, test),
  };
}
