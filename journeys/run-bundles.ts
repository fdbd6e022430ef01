import { AppProcess } from "@weather/testing";

// The processes of a journey run the bundles that bundles.ts made, as in production.
AppProcess.main = "dist/main.js";
