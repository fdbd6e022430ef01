/** A single forecast value, with its lead time. */
export interface PointValue {
  /** °C */
  value: number;
  /** Hours from the forecast's issue to the end of the day (for a high) or the night (for a low) that it is for. */
  lead: number;
}

/** One day of a point forecast, such as the National Weather Service's. Values that its source does not give are left out. */
export interface PointDay {
  /** YYYY-MM-DD */
  date: string;
  high?: PointValue;
  low?: PointValue;
  precipitation: {
    /** Probability of at least 0.254 mm, 0 to 1. */
    chance?: number;
    /** Expected amount, mm of water. */
    amount?: number;
  };
  /** The day in the source's own words. */
  summary?: string;
}

/** The origin of a figure of a day: the point forecast with measured errors, with extrapolated errors, or the climate. */
export type Basis = "nws" | "extrapolated" | "climate";

/** The origin of each figure of a day. */
export type DayBasis = Record<"high" | "low" | "precipitation", Basis>;
