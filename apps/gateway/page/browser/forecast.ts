/** Makes the forecast change in place. */
export function followForecast(): void {
  document.getElementById("near")?.toggleAttribute("hidden", true);
}
