export { climateText } from "./climate-file.ts";
export { fitClimate } from "./fit-climate.ts";
