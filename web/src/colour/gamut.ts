/** Colours that sRGB cannot show, brought to its border by giving up chroma only. */

import { RGB_FROM_XZ, unfolded } from "./lab.ts";
import { CODE_STEPS, LEVEL_OF_LINEAR } from "./srgb.ts";

const [[RED_X, RED_Z], [GREEN_X, GREEN_Z], [BLUE_X, BLUE_Z]] = RGB_FROM_XZ;
const TOLERANCE = 1e-5; // linear light so little outside 0…1 is rounding
const STEPS = 8; // leaves 0.1 % of the chroma that would still fit

/** Colours side by side: f(Y), a*\/500 and b*\/200. */
export interface FoldedRow {
  readonly folds: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** A converter that keeps its last answer, since one is asked for a million times. */
export class Gamut {
  red = 0;
  green = 0;
  blue = 0;

  /** Linear light, within 0…1, of f(Y), a*\/500 and b*\/200, left in `red`, `green`, `blue`. */
  fit(fy: number, da: number, db: number): void {
    const luminance = unfolded(fy);
    if (this.#excess(luminance, fy + da, fy - db) > 0) this.#mostChroma(luminance, fy, da, db);
  }

  /**
   * A row of f(Y), a*\/500 and b*\/200, these two times `strength`, as 8-bit sRGB with an opaque
   * alpha into `rgba` from `at` on. What fits, nearly all, is done here and calls nothing: a photo has
   * millions of pixels, and a hint is answered at once.
   */
  writeRow(
    { folds, first, second }: FoldedRow,
    strength: number,
    rgba: Uint8ClampedArray,
    at: number,
  ): void {
    for (let x = 0, to = at; x < folds.length; x++, to += 4) {
      const fy = folds[x];
      const da = first[x] * strength;
      const db = second[x] * strength;
      const luminance = unfolded(fy);
      const dx = unfolded(fy + da) - luminance;
      const dz = unfolded(fy - db) - luminance;
      const red = luminance + RED_X * dx + RED_Z * dz;
      const green = luminance + GREEN_X * dx + GREEN_Z * dz;
      const blue = luminance + BLUE_X * dx + BLUE_Z * dz;
      const fits = red >= 0 && red <= 1 && green >= 0 && green <= 1 && blue >= 0 && blue <= 1;
      if (fits) {
        rgba[to] = LEVEL_OF_LINEAR[(red * CODE_STEPS) | 0];
        rgba[to + 1] = LEVEL_OF_LINEAR[(green * CODE_STEPS) | 0];
        rgba[to + 2] = LEVEL_OF_LINEAR[(blue * CODE_STEPS) | 0];
      } else {
        this.fit(fy, da, db);
        rgba[to] = levelOf(this.red);
        rgba[to + 1] = levelOf(this.green);
        rgba[to + 2] = levelOf(this.blue);
      }
      rgba[to + 3] = 255;
    }
  }

  /** How far the colour lies beyond 0…1 and the tolerance; negative inside. */
  #excess(luminance: number, fx: number, fz: number): number {
    const x = unfolded(fx) - luminance;
    const z = unfolded(fz) - luminance;
    const red = luminance + RED_X * x + RED_Z * z;
    const green = luminance + GREEN_X * x + GREEN_Z * z;
    const blue = luminance + BLUE_X * x + BLUE_Z * z;
    this.red = red;
    this.green = green;
    this.blue = blue;
    const above = Math.max(red, green, blue) - 1;
    return Math.max(above, -Math.min(red, green, blue)) - TOLERANCE;
  }

  /** The largest chroma inside, hue kept, found by false position (the Illinois method). */
  #mostChroma(luminance: number, fy: number, da: number, db: number): void {
    let [inside, outside] = [0, 1];
    let low = Math.max(luminance - 1, -luminance) - TOLERANCE; // no chroma: always below 0
    let high = this.#excess(luminance, fy + da, fy - db); // all of it: always above 0
    for (let step = 0; step < STEPS; step++) {
      const share = inside + (outside - inside) * (low / (low - high));
      const found = this.#excess(luminance, fy + da * share, fy - db * share);
      // Illinois: the end that stays counts half, so that it moves next time.
      if (found <= 0) [inside, low, high] = [share, found, high / 2];
      else [outside, high, low] = [share, found, low / 2];
    }
    this.#excess(luminance, fy + da * inside, fy - db * inside);
  }
}

/** The 8-bit level of linear light, cut off at 0 and 1. */
export function levelOf(linear: number): number {
  return LEVEL_OF_LINEAR[Math.min(Math.max((linear * CODE_STEPS) | 0, 0), CODE_STEPS)];
}
