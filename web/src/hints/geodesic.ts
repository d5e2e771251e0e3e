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
    for (let y = 0; y < height; y++) spreadAlong(values, across, y * width, width);
    for (let y = 0; y + 1 < height; y++) spreadOver(values, down, y * width, width);
    for (let y = height - 2; y >= 0; y--) spreadBack(values, down, y * width, width);
    if (before?.every((value, at) => value === values[at])) break;
  }
  return { height, width, values };
}

/** Let distances spread forwards and backwards along the row that begins at `start`. */
function spreadAlong(values: Float32Array, cost: Float32Array, start: number, width: number): void {
  const end = start + width - 1;
  for (let at = start; at < end; at++) {
    const reached = values[at] + cost[at];
    if (reached < values[at + 1]) values[at + 1] = reached;
  }
  for (let at = end; at > start; at--) {
    const reached = values[at] + cost[at - 1];
    if (reached < values[at - 1]) values[at - 1] = reached;
  }
}

/** From the row that begins at `start` to the one below it; whole rows, as memory lies. */
function spreadOver(values: Float32Array, cost: Float32Array, start: number, width: number): void {
  for (let at = start; at < start + width; at++) {
    const reached = values[at] + cost[at];
    if (reached < values[at + width]) values[at + width] = reached;
  }
}

/** From the row below to the one that begins at `start`. */
function spreadBack(values: Float32Array, cost: Float32Array, start: number, width: number): void {
  for (let at = start; at < start + width; at++) {
    const reached = values[at + width] + cost[at];
    if (reached < values[at]) values[at] = reached;
  }
}
