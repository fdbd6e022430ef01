export { distance } from "./distance.ts";
export { deadLetter, farmOf, forecastFrom, stationsOf } from "./forecast-from.ts";
export {
  observation,
  observationKey,
  observations,
  type Observation,
  type WrittenObservation,
} from "./observation/observation.ts";
export { NewestObservations, verdicts, type Verdict } from "./observation/newest-observations.ts";
export { overlap } from "./overlap.ts";
export {
  reasons,
  reply,
  strictReply,
  type Day,
  type Forecast,
  type Refusal,
  type Reply,
  type Risk,
} from "./reply.ts";
export { request, type ReadRequest, type Request } from "./request.ts";
export {
  farmRequest,
  stationsReply,
  stationsRequest,
  strictFarmReply,
  type FarmReply,
  type FarmRequest,
  type Stations,
  type StationsReply,
} from "./stations.ts";
export { dateIn, isStateName, nameOfState, stateNames, states, utcOffset, type StateName } from "./states.ts";
export { statusReply, statusRequest, strictStatusReply, type Status } from "./status/status.ts";
export { farmReport, type FarmReport } from "./status/farm-report.ts";
export { statusFrom } from "./status/status-from.ts";
export { contractVersion } from "./version.ts";
export { keyOf, usStateFrom, usStates, type Place, type UsState } from "./us-states.ts";
export { InputError } from "./words/input-error.ts";
export { addDays, FieldError, figure, requestFrom, type WrittenRequest } from "./words/request.ts";
export { measure } from "./words/measure.ts";
export { stateFrom, statesFrom } from "./words/state.ts";
export { quantityOf } from "./words/threshold.ts";
export { unitsOf, type Quantity, type UnitSystem } from "./words/units.ts";
