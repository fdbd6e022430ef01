import { runObserver } from "./run-observer.ts";

// Publishes observations from a file, to its end, or from the National Weather Service, until it is asked to stop.
await runObserver(process.argv.slice(2), process.env);
