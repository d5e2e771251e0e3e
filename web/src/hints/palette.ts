/** The colours that a place of a photo likely has: the modes of what the model says of it. */

import { Gamut, levelOf } from "../colour/gamut.ts";
import type { Bins, Look } from "../network/bins.ts";
import type { Logits } from "../network/painter.ts";
import type { Rgb } from "./hint.ts";

const MODE_WIDTH = 12; // a*b*, standard deviation of one mode's colours
const APART = 22; // a*b* between two modes
const [DARKEST, LIGHTEST] = [38, 78]; // L* at which colours can be told apart

/** A place as shares 0…1 of the picture's sides, and its lightness 0…100. */
export interface Place {
  readonly down: number;
  readonly across: number;
  readonly lightness: number;
}

/** At most `most` colours as light as the place, the likeliest first. */
export function likelyColours(
  logits: Logits,
  bins: Bins,
  look: Look,
  { down, across, lightness }: Place,
  most: number,
): Rgb[] {
  const shares = sharesAt(logits, bins, look.alpha, down, across);
  const density = Array.from(bins.a, (a, bin) =>
    shares.reduce((sum, share, other) => sum + share * near(bins, other, a, bins.b[bin]), 0),
  );
  const free = new Set(density.keys());
  const colours: Rgb[] = [];
  while (colours.length < most && free.size > 0) {
    const best = [...free].reduce((one, other) => (density[other] > density[one] ? other : one));
    colours.push(shown(lightness, bins.a[best], bins.b[best]));
    for (const bin of free) {
      const apart = Math.hypot(bins.a[bin] - bins.a[best], bins.b[bin] - bins.b[best]);
      if (apart < APART) free.delete(bin);
    }
  }
  return colours;
}

/** a* and b* as a colour that can be told from others, as light as the place within reason. */
export function shown(lightness: number, a: number, b: number): Rgb {
  const held = Math.min(Math.max(lightness, DARKEST), LIGHTEST);
  const gamut = new Gamut();
  gamut.fit((held + 16) / 116, a / 500, b / 200);
  return [levelOf(gamut.red), levelOf(gamut.green), levelOf(gamut.blue)];
}

function near(bins: Bins, bin: number, a: number, b: number): number {
  const squared = (bins.a[bin] - a) ** 2 + (bins.b[bin] - b) ** 2;
  return Math.exp((-0.5 * squared) / MODE_WIDTH ** 2);
}

/** The probability of each bin round a place: the mean over 3 × 3 of the model's pixels. */
function sharesAt(
  { height, width, values }: Logits,
  bins: Bins,
  alpha: number,
  down: number,
  across: number,
): Float64Array {
  const total = new Float64Array(bins.a.length);
  const [row, column] = [Math.floor(down * height), Math.floor(across * width)];
  for (const y of [row - 1, row, row + 1].filter((each) => each >= 0 && each < height)) {
    for (const x of [column - 1, column, column + 1].filter((each) => each >= 0 && each < width)) {
      const scores = Float64Array.from(
        total,
        (_, bin) => values[(bin * height + y) * width + x] - alpha * bins.logWeights[bin],
      );
      const highest = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - highest));
      const sum = shares.reduce((one, other) => one + other, 0);
      for (let bin = 0; bin < total.length; bin++) total[bin] += shares[bin] / sum;
    }
  }
  return total;
}
