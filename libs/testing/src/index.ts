export { AppProcess, type AppOptions } from "./app-process.ts";
export { Line, type Way } from "./line.ts";
export { ended, ownProcess } from "./own-process.ts";
export { PrivateBroker, type PrivateBrokerOptions } from "./private-broker.ts";
export { canInstallRabbitMqServer, findRabbitMqServer, installRabbitMqServer } from "./rabbitmq-server.ts";
export { Vhost, type TestBroker } from "./vhost.ts";
