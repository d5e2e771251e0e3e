/** What planes, laid over a picture along its edges, are at one pixel (photochrom/color/guided.py). */

import { edgeLines } from "../colour/edge-lines.ts";
import { GRAIN_OF_LIGHTNESS } from "../colour/edge-model.ts";
import type { Plane, Region, Size } from "../colour/plane.ts";

const READ_PX = 3; // round a place, what its lines are made of

/** A place as shares 0…1 of the picture's sides, and f(Y) of the pixel there. */
export interface ReadPlace {
  readonly down: number;
  readonly across: number;
  readonly fold: number;
}

/** One value of each of `planes`; `guide` is f(Y) of the picture, shrunk to their size. */
export function readAt(guide: Plane, planes: readonly Plane[], place: ReadPlace): number[] {
  const { height, width } = guide;
  const row = Math.min(Math.max(place.down * height - 0.5, 0), height - 1);
  const column = Math.min(Math.max(place.across * width - 0.5, 0), width - 1);
  const window = windowRound(Math.floor(row), Math.floor(column), guide);
  const cut = planes.map((plane) => cutOut(plane, window));
  const lines = edgeLines(cutOut(guide, window), cut, GRAIN_OF_LIGHTNESS ** 2);
  const [lowest, highest, ...rest] = lines.map((line) =>
    between({ ...window, values: line }, row - window.top, column - window.left),
  );
  const grey = Math.min(Math.max(place.fold, lowest), highest);
  return planes.map((_, index) => rest[2 * index] * grey + rest[2 * index + 1]);
}

function windowRound(row: number, column: number, { height, width }: Size): Region {
  const [top, left] = [Math.max(row - READ_PX, 0), Math.max(column - READ_PX, 0)];
  return {
    ...{ top, left },
    height: Math.min(row + READ_PX + 2, height) - top,
    width: Math.min(column + READ_PX + 2, width) - left,
  };
}

function cutOut(plane: Plane, { left, top, height, width }: Region): Plane {
  const values = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * plane.width + left;
    values.set(plane.values.subarray(start, start + width), row * width);
  }
  return { height, width, values };
}

function between({ height, width, values }: Plane, row: number, column: number): number {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [below, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
  const mix = (one: number, other: number, share: number): number => one + (other - one) * share;
  const upper = mix(values[top * width + left], values[top * width + right], column - left);
  const lower = mix(values[below * width + left], values[below * width + right], column - left);
  return mix(upper, lower, row - top);
}
