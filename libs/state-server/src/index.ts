export { endWith, stopRequested } from "./process-end.ts";
export { processRequest } from "./process-request.ts";
export { BadSettings, settingsFrom, settingsSchema, type Settings } from "./settings.ts";
export { startStateServer, type StateServer, type StateServerOptions } from "./start-state-server.ts";
