/**
 * Planes made smaller by the mean of the area that each pixel covers, or larger by interpolation.
 * Pixel centres lie at half-integers: the picture's corners stay where they are.
 */

import { emptyPlane, type Levels, type Plane } from "./plane.ts";

/** How runs of `long` samples make `short` ones: run i starts at `starts[i]`, `parts[i]` late. */
interface Runs {
  readonly starts: Int32Array;
  readonly parts: Float64Array;
}

/** The two samples beside each position of a longer axis, and the second one's share. */
export interface Neighbours {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

/** Each side shrunk by area mean or enlarged bilinearly, whichever it needs. */
export function resize(plane: Plane | Levels, height: number, width: number): Plane {
  const least = shrink(plane, Math.min(height, plane.height), Math.min(width, plane.width));
  return least.height === height && least.width === width ? least : enlarge(least, height, width);
}

/** The area mean; neither side may grow. */
export function shrink(plane: Plane | Levels, height: number, width: number): Plane {
  if (height > plane.height || width > plane.width || height < 1 || width < 1) {
    throw new RangeError(`${plane.height} × ${plane.width} cannot shrink to ${height} × ${width}`);
  }
  const rows = meanOfRows(plane, height);
  return width === plane.width ? rows : meanOfColumns(rows, width);
}

/** Bilinear interpolation. */
export function enlarge(plane: Plane, height: number, width: number): Plane {
  const result = emptyPlane(height, width);
  const down = neighbours(plane.height, 0, height, height);
  const across = neighbours(plane.width, 0, width, width);
  const { values } = plane;
  for (let row = 0; row < height; row++) {
    const upper = down.first[row] * plane.width;
    const below = down.second[row] * plane.width - upper;
    const share = down.share[row];
    for (let column = 0; column < width; column++) {
      const [left, right] = [upper + across.first[column], upper + across.second[column]];
      const start = values[left] + (values[left + below] - values[left]) * share;
      const end = values[right] + (values[right + below] - values[right]) * share;
      result.values[row * width + column] = start + (end - start) * across.share[column];
    }
  }
  return result;
}

/** For `count` positions from `start` of an axis of `length` over one of `short` samples. */
export function neighbours(
  short: number,
  start: number,
  count: number,
  length: number,
): Neighbours {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const share = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    const place = ((start + index + 0.5) * short) / length - 0.5;
    const held = Math.min(Math.max(place, 0), short - 1);
    const low = Math.floor(held);
    first[index] = low;
    second[index] = Math.min(low + 1, short - 1);
    share[index] = held - low;
  }
  return { first, second, share };
}

function runs(long: number, short: number): Runs {
  const starts = new Int32Array(short + 1);
  const parts = new Float64Array(short + 1);
  for (let index = 0; index <= short; index++) {
    const edge = (index * long) / short;
    // An edge within rounding of a whole sample is that sample's.
    const start = Math.floor(edge + 1e-6);
    starts[index] = start;
    parts[index] = Math.max(edge - start, 0);
  }
  return { starts, parts };
}

function meanOfRows(plane: Plane | Levels, height: number): Plane {
  const { width, values } = plane;
  if (height === plane.height) return { height, width, values: Float32Array.from(values) };
  const { starts, parts } = runs(plane.height, height);
  const scale = height / plane.height;
  const result = emptyPlane(height, width);
  const sums = new Float64Array(width);
  const add = (row: number, weight: number): void => {
    if (weight === 0 || row >= plane.height) return;
    const offset = row * width;
    for (let x = 0; x < width; x++) sums[x] += values[offset + x] * weight;
  };
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    const start = starts[row];
    const stop = starts[row + 1];
    for (let y = start; y < stop; y++) add(y, 1);
    add(start, -parts[row]);
    add(stop, parts[row + 1]);
    for (let x = 0; x < width; x++) result.values[row * width + x] = sums[x] * scale;
  }
  return result;
}

function meanOfColumns(plane: Plane, width: number): Plane {
  const { starts, parts } = runs(plane.width, width);
  const scale = width / plane.width;
  const result = emptyPlane(plane.height, width);
  for (let row = 0; row < plane.height; row++) {
    const offset = row * plane.width;
    for (let column = 0; column < width; column++) {
      const start = starts[column];
      const stop = starts[column + 1];
      let sum = -plane.values[offset + start] * parts[column];
      for (let x = start; x < stop; x++) sum += plane.values[offset + x];
      if (stop < plane.width) sum += plane.values[offset + stop] * parts[column + 1];
      result.values[row * width + column] = sum * scale;
    }
  }
  return result;
}
