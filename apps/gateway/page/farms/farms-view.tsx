/** @jsxRuntime automatic @jsxImportSource preact */
import { Note } from "../note.tsx";
import { attention } from "./attention.ts";
import { FarmsMap, type FarmsMapProps } from "./farms-map.tsx";
import { FarmsTable, type FarmsTableProps } from "./farms-table.tsx";
import { clock, dayOf, duration, figure } from "./figures.ts";
import { fresh, type Farms } from "./live-farms.ts";
import { Figure } from "./table-parts.tsx";

/**
 * Whether new figures come. `page`: none yet, the page is as it was sent. `live`: each second. `lost`: the gateway does not
 * answer. `offline`: the browser has no network.
 */
export type Link = "page" | "live" | "lost" | "offline";

interface FarmsViewProps
  extends Pick<FarmsTableProps, "open" | "asked" | "now">, Pick<FarmsMapProps, "atlas" | "stations"> {
  /** Nothing if the gateway could not ask the broker yet. */
  readonly farms: Farms | undefined;
  readonly link: Link;
  /** Origin of the page. */
  readonly origin: string;
}

/**
 * The parts of the view, by the id of the element that holds each. The browser draws them one by one, because a slow phone could
 * not respond while it draws them all.
 */
export const parts = { summary: Summary, list: List, map: Where };

/** The view of the farms, with the age of its figures. */
export const FarmsView = (props: FarmsViewProps) => (
  <section class="view sheet" aria-labelledby="farms">
    <h1 id="farms">Farms</h1>
    <div id="summary">
      <Summary {...props} />
    </div>
    <div class="farms-grid">
      <div id="list">
        <List {...props} />
      </div>
      <div id="map">
        <Where {...props} />
      </div>
    </div>
  </section>
);

function Summary({ farms, link, now, open, origin }: FarmsViewProps) {
  const isLive = farms && link === "live" && farms.broker.ok && farms.age <= fresh;
  return (
    <>
      {farms && (
        <p class="url small">
          {`${origin}/farms${open ? `?farm=${open}` : ""} at ${clock(farms.at)} on ${dayOf(new Date(farms.at).toISOString().slice(0, 10), now)}`}
        </p>
      )}
      <p class="freshness small quiet">
        <i class={isLive ? "pulse live" : "pulse"} />
        {farms ? freshness(farms, link) : link === "page" ? "Asking the broker…" : "No figures yet"}
      </p>
      {farms ? (
        <>
          <Sums farms={farms} />
          <div class="conditions">
            <Conditions farms={farms} link={link} now={now} />
          </div>
        </>
      ) : (
        <svg width="100%" height="240" role="img" aria-label="Grey shapes where the figures will be">
          <rect class="bones" width="34%" height="36" rx="3" />
          <rect class="bones" width="62%" height="18" y="54" rx="3" />
          <rect class="bones" width="100%" height="140" y="96" rx="3" />
        </svg>
      )}
    </>
  );
}

function List({ farms, open, asked, now }: FarmsViewProps) {
  if (!farms) return null;
  return (
    <>
      <FarmsTable farms={farms.farms} open={open} asked={asked} now={now} />
      <p class="small quiet">≈ marks an estimate, – an unknown figure. Rows keep their order.</p>
    </>
  );
}

function Where({ farms, open, stations, atlas, now }: FarmsViewProps) {
  if (!farms) return null;
  return <FarmsMap farms={farms.farms} open={open} stations={stations} atlas={atlas} now={now} />;
}

// Each text fits one line on the smallest screen: the figures below stay where they are.
function freshness(farms: Farms, link: Link): string {
  if (link === "page") return `As of ${clock(farms.at)}`;
  if (link !== "live" || !farms.broker.ok || farms.age > fresh)
    return `Figures are ${duration(farms.age)} old`;
  return "Live, every second";
}

function Sums({ farms: { farms, deadLetters, age } }: { readonly farms: Farms }) {
  const sum = (value: (farm: Farms["farms"][number]) => number | null) => {
    const known = farms.map(value).filter((value) => value !== null);
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
  };
  const sums: [string, number | null][] = [
    [`of ${farms.length} farms served`, farms.filter(({ servers }) => servers > 0).length],
    ["servers", sum(({ servers }) => servers)],
    ["answered/s", sum(({ answeredPerSecond }) => answeredPerSecond)],
    ["waiting", sum(({ waiting }) => waiting)],
    ["dead letters", deadLetters ?? sum(({ deadLetters }) => deadLetters)],
  ];
  return (
    <dl class={age > fresh ? "sums old" : "sums"}>
      {sums.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>
            <Figure text={figure(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The fault that affects all figures. If there is none, the list of farms that need a look. */
function Conditions({
  farms,
  link,
  now,
}: {
  readonly farms: Farms;
  readonly link: Link;
  readonly now: number;
}) {
  const from = (
    <>
      The figures below are from {clock(farms.at)}
      <span aria-hidden="true">, {duration(farms.age)} ago</span>.
    </>
  );
  if (link === "offline")
    return (
      <Note kind="plain">
        <b>You are offline.</b>
        <p>{from}</p>
      </Note>
    );
  if (link === "lost")
    return (
      <Note kind="bad">
        <b>The gateway does not answer.</b>
        <p>{from} The page goes on by itself when it is back.</p>
      </Note>
    );
  if (!farms.broker.ok)
    return (
      <Note kind="bad">
        <b>The broker does not answer.</b>
        <p>{from} The page goes on by itself when the broker is back.</p>
      </Note>
    );
  if (!farms.any)
    return (
      <Note kind="plain">
        <b>No farm has been seen on this broker.</b>
        <p>
          <code>npm run farm</code> starts two.
        </p>
      </Note>
    );
  const found = attention(farms.farms, now);
  return (
    <ul class="look" aria-label="What needs a look">
      {found.map(({ state, kind, text }) => (
        <li key={state + kind}>
          <a class={kind} href={`#${state}`}>
            {farms.farms.find((farm) => farm.state === state)?.name}: {text}
          </a>
        </li>
      ))}
      {found.length === 0 && <li class="quiet">Nothing needs a look.</li>}
    </ul>
  );
}
