// Sends one message to every queue that matches, and reads two replies, or those that come within a second.
import { connect } from "@weather/queue-binding";
import { brokerUrl, refuse, sports } from "./sports.ts";

const broker = await connect(brokerUrl, { name: "stadium" });
// Two queues receive `sports.cincinnati`: one by `sports.#`, the other by `#.cincinnati`.
const city = { ...sports, queue: "news-of-cincinnati", bindingKey: "#.cincinnati" };
await broker.answer(sports, ({ team }) => ({ says: `the sports daemon: go ${team}` }), { refuse });
await broker.answer(city, ({ team }) => ({ says: `Cincinnati: ${team} again?` }), { refuse });

for await (const { reply } of broker.gather(sports, { team: "Reds" }, { count: 2, deadline: 1_000 })) {
  console.log(reply?.says);
}
await broker.drain();
