export { processRequest } from "./process-request.ts";
export { runStateServer, type StateServerOptions } from "./run-state-server.ts";
export { settingsSchema } from "./settings.ts";
