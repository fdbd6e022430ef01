/**
 * Stations to ask the National Weather Service for, by state. They are the stations of the farms: a test compares them. The
 * generator adds the stations of a new state.
 */
export const stations: Readonly<Record<string, readonly string[]>> = {
  ohio: ["KCMH", "KCLE", "KCVG", "KDAY", "KTOL", "KCAK", "KYNG", "KMFD", "KLUK", "KBKL", "KAKR"],
  virginia: ["KRIC", "KORF", "KROA", "KLYH", "KIAD", "KDCA", "KCHO", "KPHF", "KDAN", "KNGU", "KNTU"],
};
