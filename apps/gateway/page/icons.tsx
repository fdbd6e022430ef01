/** @jsxRuntime automatic @jsxImportSource preact */

/** The logo: a fan of uncertainty. */
export const Brand = () => (
  <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M3 13.5 21.5 3.5v17z" fill="var(--warm-out)" />
    <path d="M3 13.5 21.5 8v9z" fill="var(--warm-in)" />
    <path d="M3 13.5 21.5 12.4" stroke="var(--warm)" stroke-width="2" stroke-linecap="round" fill="none" />
    <circle cx="3.4" cy="13.5" r="2.6" fill="var(--ink)" />
  </svg>
);

/** For a list that can be opened. */
export const Chevron = () => (
  <svg class="chevron" viewBox="0 0 10 10" aria-hidden="true">
    <path d="M1.5 3.2 5 6.8 8.5 3.2" />
  </svg>
);

/** For a place. */
export const Target = () => (
  <svg width="16" height="16" viewBox="0 0 16 16" class="stroke" aria-hidden="true">
    <circle cx="8" cy="8" r="4.2" />
    <path d="M8 .8v3M8 12.2v3M.8 8h3M12.2 8h3" />
  </svg>
);

/** For something that needs a look. */
export const Warning = () => (
  <svg viewBox="0 0 16 16" aria-hidden="true">
    <path d="M8 2 14.6 13.6H1.4zM8 6.4v3.2M8 11.6v.1" />
  </svg>
);

/** For figures that are old, or not there yet. */
export const Clock = () => (
  <svg viewBox="0 0 16 16" aria-hidden="true">
    <circle cx="8" cy="8" r="6.4" />
    <path d="M8 4.4V8l2.4 1.6" />
  </svg>
);
