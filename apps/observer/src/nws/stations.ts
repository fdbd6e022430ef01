/**
 * The stations that the National Weather Service is asked for, by state: those that the farms know (a test compares them). The
 * generator adds those of a new state.
 */
export const stations: Readonly<Record<string, readonly string[]>> = {
  ohio: ["KCMH", "KCLE", "KCVG", "KDAY", "KTOL", "KCAK", "KYNG", "KMFD", "KLUK", "KBKL", "KAKR"],
  virginia: ["KRIC", "KORF", "KROA", "KLYH", "KIAD", "KDCA", "KCHO", "KPHF", "KDAN", "KNGU", "KNTU"],
};
