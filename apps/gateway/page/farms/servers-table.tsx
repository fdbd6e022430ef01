/** @jsxRuntime automatic @jsxImportSource preact */
import { dayOf, duration, figure, milliseconds } from "./figures.ts";
import type { Farm } from "./live-farms.ts";
import { Cell, Figure, Head } from "./table-parts.tsx";

const columns = [
  "Server",
  "Up",
  "In flight",
  "Waiting",
  "Answered\nlast minute",
  "Refused",
  "Failed",
  "Handler ms\np50 / p99",
  "Wait ms\np50 / p99",
  "Newest\nobservation",
];

const Times = ({ times }: { readonly times: { readonly p50: number; readonly p99: number } | null }) =>
  times ? (
    <>
      <Figure text={milliseconds(times.p50)} /> <span class="quiet">/ {milliseconds(times.p99)}</span>
    </>
  ) : (
    <>–</>
  );

/** The servers of one state, one by one, as `weather servers` shows them. */
export function ServersTable({ farm }: { readonly farm: Farm }) {
  const clocks = farm.each.find((server) => server.clocks !== undefined)?.clocks;
  return (
    <>
      <table role="table" class={farm.old ? "cards servers old" : "cards servers"}>
        <caption class="hidden">Servers of {farm.name}</caption>
        <Head columns={columns} />
        <tbody role="rowgroup">
          {farm.each.map(({ server, uptime, inFlight, waiting, answered, lastMinute, newestObservation }) => (
            <tr role="row" key={server} class={farm.came.has(server) ? "tick" : undefined}>
              <th role="rowheader" scope="row">
                {server}
              </th>
              <Cell label="Up">{duration(uptime)}</Cell>
              <Cell label="In flight">{figure(inFlight)}</Cell>
              <Cell label="Waiting">{figure(waiting)}</Cell>
              <Cell label="Answered">{figure(lastMinute.answered)}</Cell>
              <Cell label="Refused">{figure(answered["refused"] ?? 0)}</Cell>
              <Cell label="Failed">{figure(answered["failed"] ?? 0)}</Cell>
              <Cell label="Handler ms">
                <Times times={lastMinute.handler} />
              </Cell>
              <Cell label="Wait ms">
                <Times times={lastMinute.wait} />
              </Cell>
              <Cell label="Observed">{dayOf(newestObservation)}</Cell>
            </tr>
          ))}
          {farm.gone.map(({ server, age }) => (
            <tr role="row" key={server} class="gone tick">
              <th role="rowheader" scope="row">
                {server}
              </th>
              <td role="cell" class="fate start" colSpan={9}>
                gone {duration(age)} ago; the requests that it held{" "}
                {farm.servers > 0 ? "go to other servers" : "wait for a server"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {clocks && <p class="small quiet">{clocks}</p>}
    </>
  );
}
