import { element } from "./element.ts";
import boxes from "./us-places.json" with { type: "json" };
import shapes from "./us-shapes.json" with { type: "json" };

/** Where each state is on the drawing: the place farthest from its borders (for its name), left, top, width, height. */
export const places = boxes as unknown as Readonly<
  Record<string, readonly [x: number, y: number, ...box: number[]]>
>;

/**
 * An SVG file with the shapes of the states. A page shows parts of it in its own colours: `<use href="us.svg#ohio">`, or `#states`
 * for all. Strokes do not scale.
 */
export const usShapes = (): string =>
  element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: "0 0 1950 1220" },
    element(
      "g",
      { id: "states" },
      ...Object.entries(shapes).map(([id, d]) =>
        element("path", { id, d, "vector-effect": "non-scaling-stroke" }),
      ),
    ),
  );
