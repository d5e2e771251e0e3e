/** Colour as a JPEG holds it: Cb and Cr beside a luma that stays as it is. */

import { EdgeModel, GRAIN_OF_LUMA } from "./edge-model.ts";
import { Gamut } from "./gamut.ts";
import { folded, interpolated } from "./lab.ts";
import {
  type Colours,
  emptyPlane,
  type Levels,
  mapped,
  type Plane,
  scaledBy,
  whole,
} from "./plane.ts";
import { guideSize, raiseColours } from "./raise.ts";
import { resize } from "./resize.ts";
import { LINEAR_OF_LEVEL, linearToSrgb } from "./srgb.ts";

// BT.601 as JFIF uses it.
export const [RED_FROM_CR, BLUE_FROM_CB] = [1.402, 1.772];
export const [GREEN_FROM_CB, GREEN_FROM_CR] = [0.344136, 0.714136];
export const LUMA_FROM_RGB = [0.299, 0.587, 0.114] as const;

export interface Chroma {
  readonly cb: Levels;
  readonly cr: Levels;
}

/** Linear light 0…1 of each grey level, where a profile says other than sRGB. */
export type Tone = Float32Array;

/**
 * Cb and Cr that colour a grey JPEG with small colours while its luma stays. `lumaHalf` is its luma at
 * half size. Both are scaled together so that R, G and B stay in 0…255 (photochrom/color/chroma.py).
 */
export function coloursToCbCr(
  lumaHalf: Levels,
  painted: Colours,
  strength: number,
  tone: Tone | null,
): Chroma {
  const { height, width } = lumaHalf;
  const size = guideSize(painted.ab.a, lumaHalf, painted.guidePerAb);
  const guide = resize(lumaHalf, size.height, size.width);
  const colours = chromaPlanes(guide, painted, strength, tone);
  const rows = new EdgeModel(guide, colours, lumaHalf, GRAIN_OF_LUMA).over(whole(lumaHalf));
  const reach = new Reach(lumaHalf);
  const [cb, cr] = [new Uint8Array(height * width), new Uint8Array(height * width)];
  const luma = new Float32Array(width);
  for (let row = 0, at = 0; row < height; row++) {
    luma.set(lumaHalf.values.subarray(row * width, (row + 1) * width));
    rows.row(row, luma);
    reach.row(row);
    for (let x = 0; x < width; x++, at++) {
      const blue = rows.first[x];
      const red = rows.second[x];
      const share = fittingShare(blue, red, reach.darkest[x], 255 - reach.brightest[x]);
      cb[at] = Math.min(Math.max(blue * share + 128.5, 0), 255);
      cr[at] = Math.min(Math.max(red * share + 128.5, 0), 255);
    }
  }
  return { cb: { height, width, values: cb }, cr: { height, width, values: cr } };
}

/** Cb and Cr, around 0, of small `ab` raised to the size of `luma` 0…255. */
function chromaPlanes(
  luma: Plane,
  { ab }: Colours,
  strength: number,
  tone: Tone | null,
): readonly [Plane, Plane] {
  const table = (tone ?? LINEAR_OF_LEVEL).map(folded);
  const fold = mapped(luma, (level) => interpolated(table, level));
  const scaled = [scaledBy(ab.a, strength), scaledBy(ab.b, strength)];
  const [a, b] = raiseColours(scaled, fold);
  const [cb, cr] = [emptyPlane(luma.height, luma.width), emptyPlane(luma.height, luma.width)];
  const gamut = new Gamut();
  for (let i = 0; i < fold.values.length; i++) {
    gamut.fit(fold.values[i], a.values[i] / 500, b.values[i] / 200);
    const red = levelOfLight(gamut.red, tone);
    const green = levelOfLight(gamut.green, tone);
    const blue = levelOfLight(gamut.blue, tone);
    const own = LUMA_FROM_RGB[0] * red + LUMA_FROM_RGB[1] * green + LUMA_FROM_RGB[2] * blue;
    cb.values[i] = (blue - own) / BLUE_FROM_CB;
    cr.values[i] = (red - own) / RED_FROM_CR;
  }
  return [cb, cr];
}

/** The level 0…255, between levels too, at which the file's own curve has this linear light. */
function levelOfLight(linear: number, tone: Tone | null): number {
  const held = Math.min(Math.max(linear, 0), 1);
  if (tone === null) return linearToSrgb(held) * 255;
  let [low, high] = [0, tone.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (tone[middle] <= held) low = middle;
    else high = middle;
  }
  const step = tone[high] - tone[low];
  return low + (step > 0 ? Math.min(Math.max((held - tone[low]) / step, 0), 1) : 0);
}

/** The share of Cb and Cr at which R, G and B lie within `below` and `above` luma's value. */
function fittingShare(cb: number, cr: number, below: number, above: number): number {
  const red = cr * RED_FROM_CR;
  const blue = cb * BLUE_FROM_CB;
  const green = -cb * GREEN_FROM_CB - cr * GREEN_FROM_CR;
  const highest = Math.max(red, green, blue);
  const lowest = -Math.min(red, green, blue);
  if (highest <= above && lowest <= below) return 1;
  return Math.min(above / Math.max(highest, 1e-6), below / Math.max(lowest, 1e-6), 1);
}

/**
 * How dark and how bright the full-size luma may be where a row's chroma reaches: a decoder carries
 * a chroma pixel over 4 × 4 of luma, and the luma goes two ninths beyond the range of its means.
 */
class Reach {
  readonly darkest: Uint8Array;
  readonly brightest: Uint8Array;
  readonly #luma: Levels;
  readonly #low: Uint8Array;
  readonly #high: Uint8Array;

  constructor(luma: Levels) {
    this.#luma = luma;
    this.darkest = new Uint8Array(luma.width);
    this.brightest = new Uint8Array(luma.width);
    this.#low = new Uint8Array(luma.width);
    this.#high = new Uint8Array(luma.width);
  }

  row(row: number): void {
    const { height, width, values } = this.#luma;
    const above = Math.max(row - 1, 0) * width;
    const here = row * width;
    const below = Math.min(row + 1, height - 1) * width;
    for (let x = 0; x < width; x++) {
      this.#low[x] = Math.min(values[above + x], values[here + x], values[below + x]);
      this.#high[x] = Math.max(values[above + x], values[here + x], values[below + x]);
    }
    for (let x = 0; x < width; x++) {
      const left = Math.max(x - 1, 0);
      const right = Math.min(x + 1, width - 1);
      const dark = Math.min(this.#low[left], this.#low[x], this.#low[right]);
      const bright = Math.max(this.#high[left], this.#high[x], this.#high[right]);
      const beyond = Math.trunc((2 * (bright - dark)) / 9);
      this.darkest[x] = dark - Math.min(beyond, dark);
      this.brightest[x] = bright + Math.min(beyond, 255 - bright);
    }
  }
}
