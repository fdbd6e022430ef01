// Answers questions about sports until it is asked to stop (Ctrl-C or SIGTERM), then finishes those that it holds.
// Start as many as you like: the broker distributes the questions among them.
import { once } from "node:events";
import { connect } from "@weather/queue-binding";
import { brokerUrl, refuse, sports } from "./sports.ts";

const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
const broker = await connect(brokerUrl, { name: "sports-daemon" });
await broker.answer(sports, ({ team }) => ({ says: `go ${team}` }), { refuse });
console.log("the sports daemon answers");

await stopped;
await broker.drain();
console.log("the sports daemon has finished");
