const key = "forecast";

const tab = () => document.getElementById("tab-forecast") as HTMLAnchorElement | null;

/** Has the tab "Forecast" lead to the forecast that is shown, on the view of the farms too. */
export function rememberForecast(): void {
  const address = location.pathname + location.search;
  tab()?.setAttribute("href", address);
  try {
    sessionStorage.setItem(key, address);
  } catch {
    // The reader allows no storage: the farms' tab leads to the first forecast then.
  }
}

/** Has the tab "Forecast" lead to the forecast that was shown last, if there was one. */
export function leadToLastForecast(): void {
  try {
    const address = sessionStorage.getItem(key);
    if (address) tab()?.setAttribute("href", address);
  } catch {
    // The reader allows no storage.
  }
}
