import { runObserver } from "./run-observer.ts";

// Publishes what stations observe, from a file or from the National Weather Service, until there is no more or it is stopped.
await runObserver(process.argv.slice(2), process.env);
