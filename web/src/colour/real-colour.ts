/** Does a picture hold real colour, or one tone only: grey, sepia, cyanotype, a scanner's cast? */

import { rgbToLab } from "./lab.ts";
import { emptyPlane, type Plane, type Size } from "./plane.ts";
import { shrink } from "./resize.ts";

const LONG_SIDE_PX = 32; // noise and JPEG's blocks average out; things stay
const TONE_KNOTS = 9; // a tone may bend at every 12.5 L*
const THRESHOLD = 1.35; // benchmarks/tone_threshold.py

/** True where `rgba` holds more than one tone; as photochrom/color/tone.py judges it. */
export function hasRealColour(rgba: Uint8ClampedArray, size: Size): boolean {
  return realColour(rgba, size) > THRESHOLD;
}

/**
 * How far the colours fill the a*b* plane beyond one tone [CIELAB units]: the fourth root of the
 * determinant of what a curve over lightness and place leaves over.
 */
export function realColour(rgba: Uint8ClampedArray, size: Size): number {
  const scale = Math.max(1, Math.max(size.height, size.width) / LONG_SIDE_PX);
  const height = Math.max(1, Math.round(size.height / scale));
  const width = Math.max(1, Math.round(size.width / scale));
  const [lightness, a, b] = labPlanes(rgba, size).map((plane) => shrink(plane, height, width));
  const basis = oneTone(lightness);
  const restA = residual(basis, a.values);
  const restB = residual(basis, b.values);
  const [aa, ab, bb] = [mean(restA, restA), mean(restA, restB), mean(restB, restB)];
  return Math.max(aa * bb - ab * ab, 0) ** 0.25;
}

function labPlanes(rgba: Uint8ClampedArray, { height, width }: Size): Plane[] {
  const planes = [0, 1, 2].map(() => emptyPlane(height, width));
  for (let pixel = 0, at = 0; pixel < height * width; pixel++, at += 4) {
    const lab = rgbToLab(rgba[at], rgba[at + 1], rgba[at + 2]);
    planes.forEach((plane, channel) => {
      plane.values[pixel] = lab[channel];
    });
  }
  return planes;
}

/** What the colour of one tone may depend on: a row of terms for every pixel. */
function oneTone({ height, width, values }: Plane): number[][] {
  const step = 100 / (TONE_KNOTS - 1);
  const along = (index: number, length: number): number =>
    length === 1 ? -1 : (2 * index) / (length - 1) - 1;
  return Array.from(values, (lightness, pixel) => {
    const hats = Array.from({ length: TONE_KNOTS }, (_, knot) =>
      Math.max(0, 1 - Math.abs(lightness - knot * step) / step),
    );
    return [...hats, along(Math.floor(pixel / width), height), along(pixel % width, width)];
  });
}

/** What least squares over `basis` leave of `values`; terms that never occur are passed over. */
function residual(basis: number[][], values: Float32Array): Float64Array {
  const terms = basis[0].length;
  const system = Array.from({ length: terms }, () => new Float64Array(terms + 1));
  basis.forEach((row, pixel) => {
    for (let i = 0; i < terms; i++) {
      if (row[i] === 0) continue;
      for (let j = 0; j < terms; j++) system[i][j] += row[i] * row[j];
      system[i][terms] += row[i] * values[pixel];
    }
  });
  const weights = solved(system);
  return Float64Array.from(basis, (row, pixel) =>
    row.reduce((rest, term, i) => rest - term * weights[i], values[pixel]),
  );
}

/** Gauss and Jordan on symmetric normal equations; a row without a pivot gets weight 0. */
function solved(system: Float64Array[]): number[] {
  const terms = system.length;
  const scale = Math.max(...system.map((row, i) => row[i]));
  for (let pivot = 0; pivot < terms; pivot++) {
    const row = system[pivot];
    if (row[pivot] < 1e-9 * scale) {
      row.fill(0);
      continue;
    }
    for (const other of system) {
      if (other === row || other[pivot] === 0) continue;
      const factor = other[pivot] / row[pivot];
      for (let j = pivot; j <= terms; j++) other[j] -= factor * row[j];
    }
  }
  return system.map((row, i) => (row[i] === 0 ? 0 : row[terms] / row[i]));
}

function mean(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, i) => sum + value * other[i], 0) / one.length;
}
