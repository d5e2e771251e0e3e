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
  const found = [extreme(guide, -1), extreme(guide, 1)];
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
export function boxMean({ height, width, values }: Plane): Plane {
  const [rows, result] = [new Float32Array(values.length), emptyPlane(height, width)];
  for (let at = 0, row = 0; row < height; row++) {
    const [first, last] = [at, at + width - 1];
    for (; at <= last; at++) {
      rows[at] = values[Math.max(at - 1, first)] + values[at] + values[Math.min(at + 1, last)];
    }
  }
  for (let at = 0, row = 0; row < height; row++) {
    const [up, down] = [row > 0 ? -width : 0, row < height - 1 ? width : 0];
    for (const end = at + width; at < end; at++) {
      result.values[at] = (rows[at + up] + rows[at] + rows[at + down]) / 9;
    }
  }
  return result;
}

/** The lowest (`sign` −1) or the highest (1) of every window of 3 × 3 pixels. */
function extreme({ height, width, values }: Plane, sign: 1 | -1): Float32Array<ArrayBuffer> {
  const [rows, result] = [new Float32Array(values.length), new Float32Array(values.length)];
  for (let at = 0, row = 0; row < height; row++) {
    const [first, last] = [at, at + width - 1];
    for (; at <= last; at++) {
      const before = values[Math.max(at - 1, first)];
      const after = values[Math.min(at + 1, last)];
      rows[at] = Math.max(sign * before, sign * values[at], sign * after);
    }
  }
  for (let at = 0, row = 0; row < height; row++) {
    const [up, down] = [row > 0 ? -width : 0, row < height - 1 ? width : 0];
    for (const end = at + width; at < end; at++) {
      result[at] = sign * Math.max(rows[at + up], rows[at], rows[at + down]);
    }
  }
  return result;
}
