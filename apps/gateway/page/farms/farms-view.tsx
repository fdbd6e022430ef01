/** @jsxRuntime automatic @jsxImportSource preact */

/** The farms, as the gateway sees them now. */
export const FarmsView = () => (
  <section class="view sheet" aria-labelledby="farms">
    <h1 id="farms">Farms</h1>
  </section>
);
