import { followFarms } from "./farms.tsx";
import { followForecast } from "./forecast.ts";

// The page works without this file. With it, the forecast changes in place, and the farms are live.
if (document.body.dataset["view"] === "forecast") followForecast();
if (document.body.dataset["view"] === "farms") followFarms();
