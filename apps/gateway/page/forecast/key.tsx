/** @jsxRuntime automatic @jsxImportSource preact */

/** Quantiles of 20 equally likely days of a normal distribution, px from the middle of the bar. */
const colder = [-113.7, -83.5, -66.7, -54.2, -43.8, -34.7, -26.3, -18.5, -11, -3.6];
/** As lines of no length with round ends. */
const dots = [...colder, ...colder.map((x) => -x)].map((x) => `M${(126 + x).toFixed(1)} 15h.01`).join("");

/** Explains the bands with counts, because people understand counts better than percentiles. */
export const Key = () => (
  <div class="key">
    <svg
      class="chart"
      width="252"
      height="104"
      role="img"
      aria-label="Twenty dots over a band: ten of them lie over its dark part, sixteen over the dark and light parts together, two on either side of it"
    >
      <rect x="52" y="28" width="148" height="22" fill="var(--warm-out)" />
      <rect x="87" y="28" width="78" height="22" fill="var(--warm-in)" />
      <path d="M52 28v22M200 28v22M87 28v22M165 28v22" stroke="var(--warm)" />
      <path d="M126 28v22" stroke="var(--warm)" stroke-width="2.25" />
      <path d={dots} stroke="var(--ink)" stroke-width="6.6" stroke-linecap="round" />
      <path d="M87 56v5h78v-5M52 78v5h148v-5" fill="none" stroke="var(--edge)" />
      <text class="mid" x="126" y="74">
        10 of 20 in the dark band
      </text>
      <text class="mid" x="126" y="97">
        16 of 20 in dark and light
      </text>
      <text x="0" y="43">
        colder
      </text>
      <text class="end" x="252" y="43">
        warmer
      </text>
    </svg>
    <div>
      <h3>How to read the bands</h3>
      <p>
        Of 20 days that begin like this one, <b>10</b> end in the dark band and <b>16</b> in the dark and
        light bands together; 2 are colder still, 2 warmer. The line in the middle has 10 on either side.
      </p>
      <p>
        Grey, with a dashed edge: what is usual for the date. Colour is knowledge: where it has faded to grey,
        the forecast knows no more than the calendar.
      </p>
    </div>
  </div>
);
