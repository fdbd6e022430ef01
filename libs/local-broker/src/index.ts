export { AppProcess } from "./app-process.ts";
export { ended } from "./own-process.ts";
export { PrivateBroker } from "./private-broker.ts";
export { canInstallRabbitMqServer, findRabbitMqServer, installRabbitMqServer } from "./rabbitmq-server.ts";
