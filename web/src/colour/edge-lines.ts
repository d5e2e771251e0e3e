/** Colour as straight lines in grey, one for every window of 3 × 3 pixels. */

import { emptyPlane, type Plane } from "./plane.ts";

/**
 * Of every window its lowest and highest grey, then each colour's slope and offset (He & Sun 2015,
 * equations 3 to 6); `flatness` is their ε, a variance of grey.
 */
export function edgeLines(
  guide: Plane,
  colours: readonly Plane[],
  flatness: number,
): Float32Array<ArrayBuffer>[] {
  const mean = boxMean(guide).values;
  const squares = boxMean(product(guide, guide)).values;
  const spread = squares.map((square, i) => Math.max(square - mean[i] * mean[i], 0) + flatness);
  const found = [extreme(guide, Math.min), extreme(guide, Math.max)];
  for (const colour of colours) {
    const meanColour = boxMean(colour).values;
    const both = boxMean(product(guide, colour)).values;
    const slope = both.map((value, i) => (value - mean[i] * meanColour[i]) / spread[i]);
    const offset = meanColour.map((value, i) => value - slope[i] * mean[i]);
    found.push(boxMean({ ...guide, values: slope }).values);
    found.push(boxMean({ ...guide, values: offset }).values);
  }
  return found;
}

function product(one: Plane, other: Plane): Plane {
  return { ...one, values: one.values.map((value, i) => value * other.values[i]) };
}

/** Mean of every window of 3 × 3 pixels; borders repeat. */
export function boxMean(plane: Plane): Plane {
  const result = emptyPlane(plane.height, plane.width);
  eachWindow(plane, (place, a, b, c) => {
    result.values[place] = a + b + c;
  });
  const rows = Float32Array.from(result.values);
  eachColumnWindow({ ...plane, values: rows }, (place, a, b, c) => {
    result.values[place] = (a + b + c) / 9;
  });
  return result;
}

function extreme(plane: Plane, of: (...values: number[]) => number): Float32Array<ArrayBuffer> {
  const rows = emptyPlane(plane.height, plane.width);
  eachWindow(plane, (place, a, b, c) => {
    rows.values[place] = of(a, b, c);
  });
  const result = new Float32Array(plane.values.length);
  eachColumnWindow(rows, (place, a, b, c) => {
    result[place] = of(a, b, c);
  });
  return result;
}

type Three = (place: number, before: number, here: number, after: number) => void;

function eachWindow({ height, width, values }: Plane, use: Three): void {
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (let x = 0; x < width; x++) {
      const before = values[start + Math.max(x - 1, 0)];
      use(start + x, before, values[start + x], values[start + Math.min(x + 1, width - 1)]);
    }
  }
}

function eachColumnWindow({ height, width, values }: Plane, use: Three): void {
  for (let row = 0; row < height; row++) {
    const above = Math.max(row - 1, 0) * width;
    const below = Math.min(row + 1, height - 1) * width;
    for (let x = 0; x < width; x++) {
      use(row * width + x, values[above + x], values[row * width + x], values[below + x]);
    }
  }
}
