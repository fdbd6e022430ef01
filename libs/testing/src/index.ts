export { AppProcess, type AppOptions } from "./app-process.ts";
export { FaultProxy, type Way } from "./fault-proxy.ts";
export { ended, ownProcess } from "./own-process.ts";
export { PrivateBroker, type PrivateBrokerOptions } from "./private-broker.ts";
export { canInstallRabbitMqServer, findRabbitMqServer, installRabbitMqServer } from "./rabbitmq-server.ts";
export { Vhost, type TestBroker } from "./vhost.ts";
