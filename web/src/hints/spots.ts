/** Hints as places of a picture at any size, and what a network is shown of them. */

import { Gamut } from "../colour/gamut.ts";
import { linearToLab, rgbToLab } from "../colour/lab.ts";
import type { Plane, Size } from "../colour/plane.ts";
import type { HintPlanes } from "../network/painter.ts";
import type { Hint } from "./hint.ts";

const DISC_PX = 1.6; // radius of what the network is shown of a point

/** a* and b*. */
export type AbPair = readonly [a: number, b: number];

/** A colour told at a place: shares 0…1 of the picture's sides. */
export interface Spot {
  readonly down: number;
  readonly across: number;
  readonly ab: AbPair;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The spots of hints in a photo displayed at `picture`. */
export function spotsOf(hints: readonly Hint[], { height, width }: Size): Spot[] {
  return hints.map(({ x, y, colour }) => {
    const [, a, b] = rgbToLab(...colour);
    const row = Math.min(Math.floor(y), height - 1);
    const column = Math.min(Math.floor(x), width - 1);
    return { down: (row + 0.5) / height, across: (column + 0.5) / width, ab: [a, b] };
  });
}

/** The pixel of a spot in a picture of a size. */
export function cellOf({ down, across }: Spot, { height, width }: Size): Cell {
  return {
    row: Math.min(Math.floor(down * height), height - 1),
    column: Math.min(Math.floor(across * width), width - 1),
  };
}

/** No more chroma than sRGB holds at lightness 0…100; hue kept. */
export function withinGamut(lightness: number, [a, b]: AbPair): AbPair {
  const gamut = new Gamut();
  gamut.fit((lightness + 16) / 116, a / 500, b / 200);
  const [, fittingA, fittingB] = linearToLab(gamut.red, gamut.green, gamut.blue);
  return [fittingA, fittingB];
}

/** a*, b* and 1 in a small disc round each spot, else 0: (3, H, W); overlaps are averaged. */
export function hintPlanes(spots: readonly Spot[], lightness: Plane): HintPlanes {
  const { height, width, values } = lightness;
  const area = height * width;
  const planes = new Float32Array(3 * area);
  const reach = Math.ceil(DISC_PX);
  for (const spot of spots) {
    const { row, column } = cellOf(spot, lightness);
    const [a, b] = withinGamut(values[row * width + column], spot.ab);
    for (let y = Math.max(row - reach, 0); y <= Math.min(row + reach, height - 1); y++) {
      for (let x = Math.max(column - reach, 0); x <= Math.min(column + reach, width - 1); x++) {
        if ((y - row) ** 2 + (x - column) ** 2 > DISC_PX ** 2) continue;
        planes[y * width + x] += a;
        planes[area + y * width + x] += b;
        planes[2 * area + y * width + x] += 1;
      }
    }
  }
  for (let at = 0; at < area; at++) {
    const count = Math.max(planes[2 * area + at], 1);
    planes[at] /= count;
    planes[area + at] /= count;
    planes[2 * area + at] = Math.min(planes[2 * area + at], 1);
  }
  return planes;
}
