// A handler that fails three times leaves its request in the dead-letter queue. A person looks at it, mends the handler
// and replays the request.
import { connect } from "@weather/queue-binding";
import { brokerUrl, refuse, sports } from "./sports.ts";

const broken = await connect(brokerUrl, { name: "broken-daemon" });
const fail = () => {
  throw new Error("the cheerleader fell");
};
await broken.answer(sports, fail, { refuse });
console.log("the caller hears:", await broken.ask(sports, { team: "Reds" }));
await broken.drain();

const mended = await connect(brokerUrl, { name: "mended-daemon" });
const letters = await mended.deadLetters(sports, 10);
for (const letter of letters.all) {
  console.log(`${letter.reason} after ${letter.attempts} tries: ${letter.body.toString()}`);
  await letters.replay(letter, 60_000);
}
await letters.close();

let tell = (_team: string) => {};
const replayed = new Promise<string>((resolve) => (tell = resolve));
await mended.answer(
  sports,
  ({ team }) => {
    tell(team);
    return { says: `go ${team}` };
  },
  { refuse },
);
console.log("replayed:", await replayed);
await mended.drain();
