import { connect } from "@weather/queue-binding";
import { echo, echoFrom } from "./echo.ts";
import { rawServer } from "./raw.ts";

// A program: a server of the echo. Environment: AMQP_URL. Arguments: CONTENDER NAME.
const [contender, name = ""] = process.argv.slice(2);
const url = process.env["AMQP_URL"] ?? "";
if (contender === "raw") await rawServer(url, echoFrom(name), echo);
else {
  const broker = await connect(url, { name: "bench" });
  await broker.answer(echoFrom(name), echo, {
    refuse: ({ reason, message }) => {
      throw new Error(`${reason}: ${message}`);
    },
  });
  process.once("SIGTERM", () => void broker.drain());
}
console.log("echo-server answers");
