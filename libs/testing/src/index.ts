// The only entry point for tests. It also exports libs/local-broker, which `npm start` uses, too.
export { AppProcess, PrivateBroker } from "@weather/local-broker";
export { FaultProxy, type Way } from "./fault-proxy.ts";
export { canRun, parts } from "./parts.ts";
export { Vhost, type TestBroker } from "./vhost.ts";
export { field, messageBytes, table, type BytesOfMessage } from "./amqp-bytes.ts";
export { RawConnection } from "./raw-connection.ts";
export { documentedSettings } from "./settings-page.ts";
