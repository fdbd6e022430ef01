export { processRequest } from "./process-request.ts";
export { runStateServer } from "./run-state-server.ts";
export { settingsSchema } from "./settings.ts";
