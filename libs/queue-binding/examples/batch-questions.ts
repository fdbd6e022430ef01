// Asks a thousand questions. Many travel in one message. Each has its own answer or error.
import { connect } from "@weather/queue-binding";
import { brokerUrl, refuse, sports } from "./sports.ts";

const daemon = await connect(brokerUrl, { name: "sports-daemon" });
await daemon.answer(sports, ({ team }) => ({ says: `go ${team}` }), { refuse });

const client = await connect(brokerUrl, { name: "fan" });
const questions = Array.from({ length: 1_000 }, (_, i) => [sports, { team: `team ${i}` }] as const);
let answered = 0;
for await (const { index, reply, error } of client.askEach(questions)) {
  if (reply) answered += 1;
  else console.error(`question ${index} failed:`, error);
}
console.log(`${answered} of ${questions.length} answered`);

await client.drain();
await daemon.drain();
