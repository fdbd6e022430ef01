/** @jsxRuntime automatic @jsxImportSource preact */
import { spark } from "@weather/rendering";
import { isLate } from "./attention.ts";
import { clock, counted, dayOf, duration, figure, milliseconds } from "./figures.ts";
import type { Farm } from "./live-farms.ts";
import { Note } from "../note.tsx";
import { ServersTable } from "./servers-table.tsx";
import { Cell, Head } from "./table-parts.tsx";

const columns = [
  "State",
  "Servers",
  "Waiting",
  "In\nflight",
  "Answered\nper s",
  "Last 5 min,\nfrom 0",
  "Wait ms\np50",
  "Wait ms\np99",
  "Newest\nobservation",
  "Dead\nletters",
];

/** The result of the button that asks many questions. */
export interface Asked {
  readonly state: string;
  readonly busy: boolean;
  readonly text: string;
}

export interface FarmsTableProps {
  readonly farms: readonly Farm[];
  /** The state whose servers are shown. */
  readonly open: string | undefined;
  readonly asked: Asked | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export const FarmsTable = ({ farms, open, asked, now }: FarmsTableProps) => (
  <table role="table" class="cards farms">
    <caption class="hidden">Farms. Open a state to see its servers.</caption>
    <Head columns={columns} />
    <tbody role="rowgroup">
      {farms.flatMap((farm) => {
        const isOpen = farm.state === open;
        const row = <FarmRow key={farm.state} farm={farm} isOpen={isOpen} now={now} />;
        const detail = (
          <tr role="row" key={`${farm.state}-servers`} class="detail">
            <td role="cell" colSpan={10} id={`${farm.state}-servers`}>
              <Detail farm={farm} asked={asked?.state === farm.state ? asked : undefined} />
            </td>
          </tr>
        );
        return isOpen ? [row, detail] : [row];
      })}
    </tbody>
  </table>
);

/** How long a row is tinted, in milliseconds: a little longer than the tint takes to fade. */
const tinted = 2_000;

function FarmRow({
  farm,
  isOpen,
  now,
}: {
  readonly farm: Farm;
  readonly isOpen: boolean;
  readonly now: number;
}) {
  const { state, servers, waiting, changedAt, wait, newestObservation } = farm;
  const isUnserved = servers === 0 && farm.reachable;
  const names = [
    isOpen && "open",
    farm.old && "old",
    changedAt !== undefined && now - changedAt < tinted && "tick",
  ].filter(Boolean);
  const about = [isUnserved && "nobody serves", farm.old && `figures are ${duration(farm.age)} old`]
    .filter(Boolean)
    .join(" · ");
  const sign = farm.silent > 0 || farm.old ? "≈ " : "";
  const rate = figure(farm.answeredPerSecond);
  const line = spark(farm.history, `Answered per second in the last five minutes; now ${rate}`);
  return (
    <tr role="row" id={state} class={names.join(" ") || undefined}>
      <th role="rowheader" scope="row">
        <a
          href={isOpen ? `/farms#${state}` : `/farms?farm=${state}#${state}`}
          data-farm={state}
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${state}-servers` : undefined}
        >
          <svg class="turn" viewBox="0 0 10 10" aria-hidden="true">
            <path d="M3 1.5 6.5 5 3 8.5" />
          </svg>
          <span>{farm.name}</span>
        </a>
        {about && <small class={isUnserved ? "bad" : "late"}>{about}</small>}
      </th>
      <Cell label="Servers">{isUnserved ? <b class="bad">0</b> : figure(servers)}</Cell>
      <Cell label="Waiting">{waiting > 0 ? <b>{figure(waiting)}</b> : "0"}</Cell>
      <Cell label="In flight">{servers === 0 ? "–" : sign + figure(farm.inFlight)}</Cell>
      <Cell label="Answered/s">{farm.answeredPerSecond ? <b>{rate}</b> : rate}</Cell>
      <td role="cell" class="trend" dangerouslySetInnerHTML={{ __html: line }} />
      <Cell label="Wait p50">{milliseconds(wait?.p50)}</Cell>
      <Cell label="Wait p99">{milliseconds(wait?.p99)}</Cell>
      <Cell label="Observed">
        {isLate(newestObservation, now) ? (
          <span class="late">{dayOf(newestObservation, now)}</span>
        ) : (
          dayOf(newestObservation, now)
        )}
      </Cell>
      <Cell label="Dead letters">
        {farm.deadLetters ? <span class="bad">{figure(farm.deadLetters)}</span> : figure(farm.deadLetters)}
      </Cell>
    </tr>
  );
}

function Detail({ farm, asked }: { readonly farm: Farm; readonly asked: Asked | undefined }) {
  const { state, name, servers, waiting } = farm;
  return (
    <>
      {servers === 0 && farm.reachable && (
        <Note kind="bad">
          <b>Nobody serves {name}.</b>
          <p>
            {waiting > 0
              ? `Its queue is there with ${counted(waiting, "request")} waiting. A server that answers starts with:`
              : "A server starts with:"}
          </p>
          <p>
            <code>docker compose up -d --scale {state}-server=2</code>
          </p>
        </Note>
      )}
      {(farm.each.length > 0 || farm.gone.length > 0) && <ServersTable farm={farm} />}
      {farm.silent > 0 && (
        <p class="small late">
          {counted(farm.silent, "server")} did not report: busy, stopped, or of an older version.
          {farm.reportedAt && ` The last report is of ${clock(Date.parse(farm.reportedAt))}.`}
        </p>
      )}
      {servers > 0 && (
        <div class="try">
          <button class="button slim" type="button" data-ask={state} disabled={asked?.busy}>
            Ask 200 times
          </button>
          <span role="status">{asked?.text}</span>
        </div>
      )}
    </>
  );
}
