export { AppProcess, type AppOptions } from "./app-process.ts";
export { ended } from "./own-process.ts";
export { PrivateBroker, type PrivateBrokerOptions } from "./private-broker.ts";
export { canInstallRabbitMqServer, findRabbitMqServer, installRabbitMqServer } from "./rabbitmq-server.ts";
