export { deadLetter, forecastFrom } from "./forecast-from.ts";
export { reasons, reply, type Day, type Forecast, type Reason, type Refusal, type Reply } from "./reply.ts";
export { request, type ReadRequest, type Request } from "./request.ts";
export { dateIn, isStateName, stateNames, states, type State, type StateName } from "./states.ts";
