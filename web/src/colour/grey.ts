/** Pixels as a browser decodes them, made into grey, turned and halved. */

import { LUMINANCE_OF_LEVEL } from "./lab.ts";
import type { Levels, Size } from "./plane.ts";
import { CODE_STEPS, LEVEL_OF_LINEAR } from "./srgb.ts";

/** Whether red, green and blue are equal in every pixel of `rgba`. */
export function isNeutral(rgba: Uint8ClampedArray): boolean {
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2]) return false;
  }
  return true;
}

/** Write the grey that is as light as each pixel of `rgba` into `grey` from `start` on. */
export function writeGrey(rgba: Uint8ClampedArray, grey: Uint8Array, start: number): void {
  const [red, green, blue] = LUMINANCE_OF_LEVEL;
  for (let at = 0, to = start; at < rgba.length; at += 4, to++) {
    const level = rgba[at];
    if (level === rgba[at + 1] && level === rgba[at + 2]) {
      grey[to] = level;
      continue;
    }
    const luminance = red[level] + green[rgba[at + 1]] + blue[rgba[at + 2]];
    grey[to] = LEVEL_OF_LINEAR[Math.min((luminance * CODE_STEPS) | 0, CODE_STEPS)];
  }
}

/** Write a JPEG's own luma, which its colours were made of, into `luma` from `start` on (BT.601). */
export function writeLuma(rgba: Uint8ClampedArray, luma: Uint8Array, start: number): void {
  for (let at = 0, to = start; at < rgba.length; at += 4, to++) {
    luma[to] = 0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2] + 0.5;
  }
}

/** A picture's size as displayed, of its stored size and EXIF orientation 1…8. */
export function uprightSize({ height, width }: Size, orientation: number): Size {
  return orientation >= 5 ? { height: width, width: height } : { height, width };
}

/** A picture turned from EXIF `orientation` 1…8 to how it is displayed. */
export function upright(levels: Levels, orientation: number): Levels {
  return orientation === 1
    ? levels
    : turned(levels, orientation, new Uint8Array(levels.values.length));
}

/** Any plane turned from EXIF `orientation` to how it is displayed, into `values`. */
export function turned<Values extends Uint8Array | Uint32Array | Float32Array>(
  plane: Size & { readonly values: Values },
  orientation: number,
  values: Values,
): Size & { readonly values: Values } {
  const { height, width } = uprightSize(plane, orientation);
  const [downwards, across] = [
    [3, 4, 7, 8],
    [2, 3, 6, 7],
  ].map((those) => those.includes(orientation));
  const [stepDown, stepAcross] = orientation >= 5 ? [1, plane.width] : [plane.width, 1];
  for (let row = 0, to = 0; row < height; row++) {
    const from = (downwards ? height - 1 - row : row) * stepDown;
    for (let x = 0; x < width; x++, to++) {
      values[to] = plane.values[from + (across ? width - 1 - x : x) * stepAcross];
    }
  }
  return { height, width, values };
}

/** The orientation that turns a displayed picture back to how its file stores it. */
export function storingOrientation(orientation: number): number {
  return orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
}

/** Half the size, rounded up: the mean of every 2 × 2 levels; borders repeat. */
export function halved({ height, width, values }: Levels): Levels {
  const half = { height: (height + 1) >> 1, width: (width + 1) >> 1 };
  const small = new Uint8Array(half.height * half.width);
  for (let row = 0, to = 0; row < half.height; row++) {
    const upper = 2 * row * width;
    const lower = Math.min(2 * row + 1, height - 1) * width;
    for (let x = 0; x < half.width; x++, to++) {
      const [left, right] = [2 * x, Math.min(2 * x + 1, width - 1)];
      const sum =
        values[upper + left] + values[upper + right] + values[lower + left] + values[lower + right];
      small[to] = (sum + 2) >> 2;
    }
  }
  return { ...half, values: small };
}
