// Tests have one door: what they share with `npm start` comes from libs/local-broker.
export { AppProcess, PrivateBroker, type AppOptions, type PrivateBrokerOptions } from "@weather/local-broker";
export { FaultProxy, type Way } from "./fault-proxy.ts";
export { canRun, parts } from "./parts.ts";
export { Vhost, type TestBroker } from "./vhost.ts";
export { field, messageBytes, table, type BytesOfMessage } from "./amqp-bytes.ts";
export { RawConnection } from "./raw-connection.ts";
export { documentedSettings, type DocumentedSetting } from "./settings-page.ts";
