/**
 * Painted colours and a person's hints joined, at the size at which colours follow edges, as in
 * photochrom/color/hinting.py and spread.py. As in Yatziv & Sapiro 2006 a told colour counts the
 * less, the more the picture changes on the way to it; far from every hint the painted ones stay.
 */

import type { EdgeModel } from "../colour/edge-model.ts";
import { FOLD_OF_LEVEL, LIGHTNESS_OF_LEVEL } from "../colour/lab.ts";
import { modelOver, smallLightness } from "../colour/merge.ts";
import { type Ab, type Colours, type Levels, mapped, type Plane } from "../colour/plane.ts";
import { guideSize, raiseColours } from "../colour/raise.ts";
import { geodesicDistance, type Steps } from "./geodesic.ts";
import { type AbPair, cellOf, type Spot, withinGamut } from "./spots.ts";

// What a way costs: 1 is where a told colour counts little more than half.
const CROSSING_L = 10; // a step in lightness of so many L*
const CROSSING_AB = 12; // a step in painted colour of so many a*b*
const REACH = 0.35; // a way of so many short sides of the picture, over nothing
const ROUNDS = 5; // of closing in on the told colours at their own pixels

/** What a spot shall get: its own colour as far as sRGB holds it there. */
interface Wanted {
  readonly spot: Spot;
  readonly ab: AbPair;
  readonly fold: number;
}

/** The colours in which the spots have their own, ending at the picture's edges. */
export function layHints(grey: Levels, colours: Colours, spots: readonly Spot[]): Colours {
  const lightness = smallLightness(grey, guideSize(colours.ab.a, grey, colours.guidePerAb));
  const guide = mapped(lightness, (value) => (value + 16) / 116);
  const [a, b] = raiseColours([colours.ab.a, colours.ab.b], guide);
  const wanted = spots.map((spot) => wantedAt(spot, grey, lightness));
  const modelOf = (ab: Ab): EdgeModel => modelOver(guide, ab, grey);
  return { ab: spread({ a, b }, lightness, wanted, modelOf), guidePerAb: 1 };
}

/** The lightness of the pixel or round it counts, whichever holds more chroma. */
function wantedAt(spot: Spot, grey: Levels, lightness: Plane): Wanted {
  const own = cellOf(spot, grey);
  const around = cellOf(spot, lightness);
  const level = grey.values[own.row * grey.width + own.column];
  const near = lightness.values[around.row * lightness.width + around.column];
  const [here, there] = [LIGHTNESS_OF_LEVEL[level], near].map((each) => withinGamut(each, spot.ab));
  const ab = Math.hypot(...there) > Math.hypot(...here) ? there : here;
  return { spot, ab, fold: FOLD_OF_LEVEL[level] };
}

/** The difference from what was painted, spread from each spot and told anew until it is met. */
function spread(
  painted: Ab,
  lightness: Plane,
  wanted: readonly Wanted[],
  modelOf: (ab: Ab) => EdgeModel,
): Ab {
  const shares = influence(
    painted,
    lightness,
    wanted.map(({ spot }) => spot),
  );
  const told = wanted.map(() => [0, 0]);
  let ab = painted;
  for (let round = 0; round < ROUNDS; round++) {
    const model = modelOf(ab);
    wanted.forEach(({ spot, ab: goal, fold }, index) => {
      const [first, second] = model.at(spot.down, spot.across, fold);
      told[index][0] += goal[0] - 500 * first;
      told[index][1] += goal[1] - 200 * second;
    });
    ab = { a: added(painted.a, shares, told, 0), b: added(painted.b, shares, told, 1) };
  }
  return ab;
}

function added(plane: Plane, shares: readonly Plane[], told: number[][], channel: 0 | 1): Plane {
  const values = Float32Array.from(plane.values);
  shares.forEach((share, index) => {
    const change = told[index][channel];
    for (let at = 0; at < values.length; at++) values[at] += share.values[at] * change;
  });
  return { ...plane, values };
}

/** How much each spot's told colour counts at every pixel; together at most 1. */
function influence({ a, b }: Ab, lightness: Plane, spots: readonly Spot[]): Plane[] {
  const steps = stepsOver(lightness, a, b);
  const near = spots.map((spot) => {
    const { row, column } = cellOf(spot, lightness);
    // Between spots of which none counts, none is preferred.
    return mapped(
      geodesicDistance(steps, row, column),
      (way) => Math.exp(-0.5 * way * way) + 1e-12,
    );
  });
  for (let at = 0; at < lightness.values.length; at++) {
    let [most, sum] = [0, 0];
    for (const { values } of near) {
      most = Math.max(most, values[at]);
      sum += values[at];
    }
    for (const { values } of near) values[at] *= most / sum;
  }
  return near;
}

function stepsOver(lightness: Plane, a: Plane, b: Plane): Steps {
  const { height, width } = lightness;
  const short = 1 / REACH / Math.min(height, width);
  const cost = (stride: number): Float32Array =>
    Float32Array.from({ length: height * width - stride }, (_, at) => {
      const other = at + stride;
      const step = (lightness.values[other] - lightness.values[at]) / CROSSING_L;
      const [da, db] = [a.values[other] - a.values[at], b.values[other] - b.values[at]];
      return short + step * step + (da * da + db * db) / CROSSING_AB ** 2;
    });
  return { height, width, across: cost(1), down: cost(width) };
}
