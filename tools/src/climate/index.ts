export { climateText } from "./climate-file.ts";
export { fitClimate, type FitOptions } from "./fit-climate.ts";
