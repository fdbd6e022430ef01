/** How figures are shown. Answers come in °C and mm. */
export interface Units {
  readonly temperature: string;
  readonly precipitation: string;
  /** From °C, to whole degrees in °F, tenths in °C. */
  readonly degrees: (celsius: number) => string;
  /** From mm of water. */
  readonly amount: (millimetres: number) => string;
}

const metric: Units = {
  temperature: "°C",
  precipitation: "mm",
  degrees: (celsius) => celsius.toFixed(1),
  amount: (millimetres) => millimetres.toFixed(1),
};

const us: Units = {
  temperature: "°F",
  precipitation: "in",
  degrees: (celsius) => ((celsius * 9) / 5 + 32).toFixed(0),
  amount: (millimetres) => (millimetres / 25.4).toFixed(2),
};

export const unitsOf = (customary: boolean): Units => (customary ? us : metric);
