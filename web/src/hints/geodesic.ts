/**
 * How far apart points of a picture are when edges are hard to cross (Toivanen 1996), spread in
 * scans along rows and columns as in GeoS (Criminisi et al. 2008); photochrom/color/geodesic.py.
 */

import type { Plane, Size } from "../colour/plane.ts";

const SCANS = 8; // each way; a way may turn twice in each

/** What a step costs: `across` from each pixel to the next in its row, `down` in its column. */
export interface Steps extends Size {
  readonly across: Float32Array;
  readonly down: Float32Array;
}

/** The least cost from one pixel to every other. */
export function geodesicDistance(steps: Steps, row: number, column: number): Plane {
  const { height, width, across, down } = steps;
  const values = new Float32Array(height * width).fill(Infinity);
  values[row * width + column] = 0;
  for (let scan = 0; scan < SCANS; scan++) {
    const before = scan > 0 ? Float32Array.from(values) : null;
    for (let y = 0; y < height; y++) spreadAlong(values, across, y * width, 1, width);
    for (let x = 0; x < width; x++) spreadAlong(values, down, x, width, height);
    if (before?.every((value, at) => value === values[at])) break;
  }
  return { height, width, values };
}

/** Let distances spread forwards and backwards along one line of pixels. */
function spreadAlong(
  values: Float32Array,
  cost: Float32Array,
  start: number,
  stride: number,
  count: number,
): void {
  const end = start + (count - 1) * stride;
  for (let at = start; at < end; at += stride) {
    const reached = values[at] + cost[at];
    if (reached < values[at + stride]) values[at + stride] = reached;
  }
  for (let at = end; at > start; at -= stride) {
    const reached = values[at] + cost[at - stride];
    if (reached < values[at - stride]) values[at - stride] = reached;
  }
}
