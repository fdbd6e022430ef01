import { forecastFrom } from "@weather/contracts";
import { rawServer } from "./raw.ts";
import { readily } from "./readily.ts";

// A program: a server on bare amqplib. Environment: AMQP_URL. Argument: a climate.json.
await rawServer(process.env["AMQP_URL"] ?? "", forecastFrom("ohio"), readily(process.argv[2] ?? ""));
console.log("raw-server answers");
