import type { Colour } from "./tokens.ts";

/** The style of all pictures. Text is never below 12 px. */
export const chartStyle = (colour: Colour): string => `
.chart text{fill:${colour("ink-2")};font:400 12px/1 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
.chart .strong{fill:${colour("ink")};font-weight:600}
.chart .question{fill:${colour("ink")};font-size:15px;font-weight:600}
.chart .place{fill:${colour("ink")};font-size:18px;font-weight:600}
.chart .figure{fill:${colour("ink")};font-size:13px;font-weight:600}
.chart .figure.warm{fill:${colour("warm")}}.chart .figure.cold{fill:${colour("cold")}}.chart .figure.rain{fill:${colour("rain")}}
.chart .over{paint-order:stroke;stroke:${colour("paper")};stroke-width:4px;stroke-linejoin:round}
.chart .mid{text-anchor:middle}.chart .end{text-anchor:end}
.chart .grid{stroke:${colour("hair")}}.chart .grid.zero{stroke:${colour("usual-edge")}}
.chart .past{fill:${colour("shade")}}
.chart .now{stroke:${colour("edge")};stroke-dasharray:1 3}
.chart .known{stroke:${colour("ink")};stroke-width:3}
.chart .unknown{stroke:${colour("usual-edge")};stroke-width:1.5;stroke-dasharray:3 3}
.chart .line{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.chart .usual{fill:${colour("usual")}}.chart .usual-edge{stroke:${colour("usual-edge")};stroke-dasharray:3 3}
.chart .warm-line{stroke:${colour("warm")}}.chart .cold-line{stroke:${colour("cold")}}
.chart .quarter{stroke-width:.75}.chart .limit{stroke-width:1}.chart .median{stroke-width:2.25}
.chart .dots{stroke-width:7;stroke-linecap:round}
.chart .halo{stroke:${colour("paper")};stroke-width:10;stroke-linecap:round}
.chart .seen{stroke:${colour("ink")};stroke-width:9;stroke-linecap:round}
.chart .bar{fill:${colour("rain")}}
.chart .bracket{fill:none;stroke:${colour("edge")}}
.chart .dot{fill:none;stroke:${colour("edge")};stroke-width:1.25}
.chart .dot.on.warm{fill:${colour("warm")};stroke:${colour("warm")}}
.chart .dot.on.cold{fill:${colour("cold")};stroke:${colour("cold")}}
.chart .dot.on.rain{fill:${colour("rain")};stroke:${colour("rain")}}
`;

/** The style of a small line, as `spark` draws it. */
export const sparkStyle = (colour: Colour): string => `
.spark path{fill:none;stroke:${colour("ink-2")};stroke-width:1.25;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.spark .base{stroke:${colour("hair")};stroke-width:1}
.spark .last{stroke:${colour("ink")};stroke-width:5;stroke-linecap:round}
`;

/** Style of a page. It shows the words for its width (see `Room`), and lights up the day under the pointer. */
export const roomStyle = `
.chart{pointer-events:none}.chart .day{fill:transparent;pointer-events:all}.chart .day:hover{fill:color-mix(in srgb,var(--ink) 6%,transparent)}
.chart .roomy,.chart .middle,.chart .wide{display:none}
@media (min-width:760px),print{.chart .narrow{display:none}.chart .roomy,.chart .middle{display:inline}.chart .figure{font-size:18px}}
@media screen and (min-width:1280px){.chart .middle{display:none}.chart .wide{display:inline}}
`;
