/** What a model's scores say: one colour, how vivid, and which colours a place may have. */

import { type Ab, emptyPlane } from "../colour/plane.ts";
import type { Logits } from "./painter.ts";

/** The colours that a model chooses among, and the weights that rare ones had in training. */
export interface Bins {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly logWeights: Float32Array;
}

/** How scores become a colour: part of the weights taken back, then a mean at a temperature. */
export interface Look {
  readonly alpha: number;
  readonly temperature: number;
}

/** Null where the file does not say, as those that paint without choosing. */
export function readBins(metadata: ReadonlyMap<string, string>): Bins | null {
  const [centres, weights] = ["bin_centres", "class_weights"].map((key) => metadata.get(key));
  if (!centres || !weights) return null;
  const pairs = JSON.parse(centres) as [number, number][];
  return {
    a: Float32Array.from(pairs, ([a]) => a),
    b: Float32Array.from(pairs, ([, b]) => b),
    logWeights: Float32Array.from(JSON.parse(weights) as number[], Math.log),
  };
}

/** From cautious, 0, to vivid, 1: alpha and temperature at even steps, and the model's own place. */
export interface VividnessCurve {
  readonly knots: readonly (readonly [alpha: number, temperature: number])[];
  readonly ownPlace: number;
}

/** As photochrom/models/look.py reads it; the usual curve where the file has none. */
export function readCurve(metadata: ReadonlyMap<string, string>): VividnessCurve {
  const knots = JSON.parse(metadata.get("vividness") ?? "null") as VividnessCurve["knots"] | null;
  return {
    knots: knots ?? [
      [0.5, 0.7],
      [0.2, 0.5],
      [0, 0.35],
    ],
    ownPlace: Number(metadata.get("default_vividness") ?? 0.5),
  };
}

export function lookAt({ knots }: VividnessCurve, vividness: number): Look {
  const place = Math.min(Math.max(vividness, 0), 1) * (knots.length - 1);
  const first = Math.min(Math.floor(place), Math.max(knots.length - 2, 0));
  const [one, other] = [knots[first], knots[Math.min(first + 1, knots.length - 1)]];
  const between = (index: 0 | 1): number =>
    one[index] + (other[index] - one[index]) * (place - first);
  return { alpha: between(0), temperature: between(1) };
}

/** The mean colour of the scores (Zhang et al. 2016, eq. 5), as a model file computes it. */
export function meanColours(logits: Logits, bins: Bins, look: Look): Ab {
  const { height, width, values } = logits;
  const ab = { a: emptyPlane(height, width), b: emptyPlane(height, width) };
  const area = height * width;
  const [highest, sum] = [new Float32Array(area).fill(-Infinity), new Float32Array(area)];
  const score = (bin: number, pixel: number): number =>
    (values[bin * area + pixel] - look.alpha * bins.logWeights[bin]) / look.temperature;
  for (let bin = 0; bin < bins.a.length; bin++) {
    for (let pixel = 0; pixel < area; pixel++) {
      const found = score(bin, pixel);
      if (found > highest[pixel]) highest[pixel] = found;
    }
  }
  for (let bin = 0; bin < bins.a.length; bin++) {
    for (let pixel = 0; pixel < area; pixel++) {
      const share = Math.exp(score(bin, pixel) - highest[pixel]);
      ab.a.values[pixel] += share * bins.a[bin];
      ab.b.values[pixel] += share * bins.b[bin];
      sum[pixel] += share;
    }
  }
  for (let pixel = 0; pixel < area; pixel++) {
    ab.a.values[pixel] /= sum[pixel];
    ab.b.values[pixel] /= sum[pixel];
  }
  return ab;
}
