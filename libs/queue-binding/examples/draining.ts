// A server that is drained finishes the questions that it holds. No question is lost.
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "@weather/queue-binding";
import { brokerUrl, refuse, sports } from "./sports.ts";

const slow = async ({ team }: { team: string }) => {
  await pause(300);
  return { says: `go ${team}` };
};
const server = await connect(brokerUrl, { name: "slow-daemon" });
await server.answer(sports, slow, { refuse, concurrency: 10 });

const client = await connect(brokerUrl, { name: "fan" });
const asked = Array.from({ length: 10 }, (_, i) => client.ask(sports, { team: `team ${i}` }));
await pause(100); // the server works on them now
await server.drain();
console.log(`the server has ended, and ${(await Promise.all(asked)).length} of 10 are answered`);
await client.drain();
