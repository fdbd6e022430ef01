/** Each colour has one meaning, and a value for the light and the dark theme. On `paper`, text has a contrast of 4.5, marks 3. */
export const tokens = {
  /** The ground. */
  paper: ["#fdfdfb", "#0f1418"],
  /** Yesterday. */
  shade: ["#f3f3ee", "#182026"],
  /** Text. */
  ink: ["#171a1f", "#e8ebef"],
  /** Second-rank text. */
  "ink-2": ["#555c66", "#a4aeb9"],
  /** Empty dots, brackets. */
  edge: ["#858b93", "#717d89"],
  /** Thin rules between parts. */
  hair: ["#e2e2db", "#273039"],
  /** Highs: text and lines, 25–75 %, 10–90 %. */
  warm: ["#a63409", "#ffa880"],
  "warm-in": ["#f4a374", "#a24b25"],
  "warm-out": ["#fad3b8", "#60301c"],
  /** Lows: text and lines, 25–75 %, 10–90 %. */
  cold: ["#1957a3", "#90c4ff"],
  "cold-in": ["#84b6ec", "#2963a8"],
  "cold-out": ["#c3def8", "#1b3f66"],
  /** Rain or snow. */
  rain: ["#0b7570", "#45cdbf"],
  /** What is usual for the date, and its dashed edge. */
  usual: ["#ebeae3", "#232b32"],
  "usual-edge": ["#84837a", "#7f8a95"],
  /** A farm on the map: 0 is not served, 1 to 4 is its load. 3 is also the outline of served states. */
  "farm-0": ["#ebebe5", "#222a31"],
  "farm-1": ["#bcdfc6", "#1d4c34"],
  "farm-2": ["#78b98e", "#2c7650"],
  "farm-3": ["#2e7d54", "#45a474"],
  "farm-4": ["#0c4d2e", "#90e6b6"],
  /** Nobody serves, dead letters, a refused field; and its ground. */
  bad: ["#b3261e", "#ff9a8f"],
  "bad-fill": ["#fdeeec", "#341a19"],
  /** Old figures; and their ground. */
  late: ["#7d5200", "#f0c04c"],
  "late-fill": ["#fcf3da", "#2d2410"],
} as const;

export type Token = keyof typeof tokens;
export type Theme = "light" | "dark";

/** Writes a colour: as a custom property of the page that contains the picture, or as its value. */
export type Colour = (token: Token) => string;

export const ofPage: Colour = (token) => `var(--${token})`;

export const ofTheme =
  (theme: Theme): Colour =>
  (token) =>
    tokens[token][theme === "light" ? 0 : 1];
