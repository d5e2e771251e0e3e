/**
 * CIELAB and linear sRGB light (D65, 2° observer), relative to the white that sRGB's own primaries
 * add up to: X = Y = Z = 1 there, and a neutral grey has a* = b* = 0 exactly.
 */

import type { Levels, Plane } from "./plane.ts";
import { LINEAR_OF_LEVEL } from "./srgb.ts";

/** ITU-R BT.709 primaries; rows scaled to sum to 1. */
const XYZ_FROM_RGB = [
  [0.412453, 0.35758, 0.180423],
  [0.212671, 0.71516, 0.072169],
  [0.019334, 0.119193, 0.950227],
].map(([r = 0, g = 0, b = 0]) => [r, g, b].map((part) => part / (r + g + b)));

/** How X − Y and Z − Y add to Y in each channel: columns 1 and 3 of the inverse matrix. */
export const RGB_FROM_XZ = inverseColumns(XYZ_FROM_RGB);

export const KNEE = 6 / 29; // above it f is a cube root, below a line (CIE 15:2018, 8.2.1)
export const KNEE_SLOPE = 3 * KNEE * KNEE;

/** f(t) of a tristimulus value t, 0…1. */
export function folded(value: number): number {
  return value > KNEE ** 3 ? Math.cbrt(value) : KNEE + (value - KNEE ** 3) / KNEE_SLOPE;
}

/** The tristimulus value t of f(t). */
export function unfolded(fold: number): number {
  return fold > KNEE ? fold * fold * fold : KNEE * KNEE * KNEE + KNEE_SLOPE * (fold - KNEE);
}

/** f(Y) of every 8-bit grey level. */
export const FOLD_OF_LEVEL = LINEAR_OF_LEVEL.map(folded);

/** L* of every 8-bit grey level. */
export const LIGHTNESS_OF_LEVEL = FOLD_OF_LEVEL.map((fold) => 116 * fold - 16);

/** L*, a*, b*. */
export type Lab = [lightness: number, a: number, b: number];

/** Of 8-bit sRGB. */
export function rgbToLab(red: number, green: number, blue: number): Lab {
  return linearToLab(LINEAR_OF_LEVEL[red], LINEAR_OF_LEVEL[green], LINEAR_OF_LEVEL[blue]);
}

/** Of linear light 0…1. */
export function linearToLab(red: number, green: number, blue: number): Lab {
  const [fx, fy, fz] = XYZ_FROM_RGB.map(([r, g, b]) => folded(r * red + g * green + b * blue));
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** Relative luminance of 8-bit sRGB, as each channel's part by level. */
export const LUMINANCE_OF_LEVEL = (XYZ_FROM_RGB[1] ?? []).map((weight) =>
  LINEAR_OF_LEVEL.map((linear) => linear * weight),
) as [Float32Array, Float32Array, Float32Array];

/** L* of coded grey; `grey` between levels is interpolated. */
export function lightnessOfGrey(grey: Plane): Plane {
  return { ...grey, values: grey.values.map((level) => interpolated(LIGHTNESS_OF_LEVEL, level)) };
}

export function lightnessOfLevels(levels: Levels): Plane {
  const values = Float32Array.from(levels.values, (level) => LIGHTNESS_OF_LEVEL[level]);
  return { ...levels, values };
}

/** The table's value at a place between its entries. */
export function interpolated(table: Float32Array, place: number): number {
  const first = Math.min(Math.max(Math.floor(place), 0), table.length - 2);
  const low = table[first];
  return low + (table[first + 1] - low) * Math.min(Math.max(place - first, 0), 1);
}

function inverseColumns(rows: number[][]): [x: number, z: number][] {
  const [[a = 0, b = 0, c = 0] = [], [d = 0, e = 0, f = 0] = [], [g = 0, h = 0, i = 0] = []] = rows;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [(e * i - f * h) / determinant, (b * f - c * e) / determinant],
    [(f * g - d * i) / determinant, (c * d - a * f) / determinant],
    [(d * h - e * g) / determinant, (a * e - b * d) / determinant],
  ];
}
