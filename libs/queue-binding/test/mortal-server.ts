import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../src/index.ts";
import { refuse, sports } from "./sports-conversation.ts";

// A sports daemon in a process of its own, which some teams end. It tells which requests it begins.
const { AMQP_URL = "", SLOW = "0", CONCURRENCY = "8", DRAIN = "25000" } = process.env;
const broker = await connect(AMQP_URL, { name: "mortal" });
const handler = async ({ team }: { team: string }) => {
  console.log(`begins ${team}`);
  if (team.startsWith("deadly")) process.exit(1);
  await pause(Number(SLOW));
  return { by: String(process.pid), says: `go ${team}` };
};
const server = await broker.answer(sports, handler, {
  refuse,
  concurrency: Number(CONCURRENCY),
});
process.once("SIGTERM", () => {
  void server
    .drain(Number(DRAIN))
    .then(() => broker.drain())
    .then(() => process.exit(0));
});
console.log("answers");
