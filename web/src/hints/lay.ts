/**
 * Painted colours and a person's hints joined, at the size at which colours follow edges, as in
 * photochrom/color/hinting.py and spread.py. As in Yatziv & Sapiro 2006 a told colour counts the
 * less, the more the picture changes on the way to it; far from every hint the painted ones stay.
 */

import { boxMean } from "../colour/edge-lines.ts";
import { FOLD_OF_LEVEL, LIGHTNESS_OF_LEVEL } from "../colour/lab.ts";
import { foldedGuide } from "../colour/merge.ts";
import { type Ab, type Colours, type Levels, mapped, type Plane } from "../colour/plane.ts";
import { guideSize, raiseColours } from "../colour/raise.ts";
import { geodesicDistance, type Steps } from "./geodesic.ts";
import { readAt } from "./read-at.ts";
import { solved } from "./solve.ts";
import { type AbPair, cellOf, type Spot, withinGamut } from "./spots.ts";

// What costs 1 on the way to a hint, where it counts no more than 0.6.
const CROSSING_L = 9; // a step in lightness of so many L*; squared, so that shading is nearly free
const CROSSING_AB = 13; // a step in painted colour of so many a*b*, squared too
const REACH = 0.6; // so many short sides of the picture, on nothing but plain ground
const FARTHEST = 3; // of what a hint reaches at all
const BLENDING = 3; // between hints the shares fall with this power of the distance
const AT_ONCE = 0.03; // a distance that is as good as none
const TOLD_REACH = 1.5; // a network that was told counts so many times farther
const STIFFNESS = 0.01; // how little hints that contradict each other side by side may overdo it

/** What a spot shall get: its own colour as far as sRGB holds it there. */
interface Wanted {
  readonly spot: Spot;
  readonly ab: AbPair;
  readonly fold: number;
}

/**
 * The colours in which the spots have their own, ending at the picture's edges. `told` is what a
 * network paints that has been shown the spots: it counts as far as they reach, for networks are
 * easily carried away.
 */
export function layHints(
  grey: Levels,
  colours: Colours,
  spots: readonly Spot[],
  told: Ab | null = null,
): Colours {
  const guide = foldedGuide(grey, guideSize(colours.ab.a, grey, colours.guidePerAb));
  const lightness = mapped(guide, (fold) => 116 * fold - 16);
  const plain = raisedOver(guide, colours.ab);
  const { a, b } = told ? toldNear(plain, raisedOver(guide, told), lightness, spots) : plain;
  const wanted = spots.map((spot) => wantedAt(spot, grey, lightness));
  const shares = influence({ a, b }, lightness, spots);
  return { ab: spread({ a, b }, shares, wanted, guide), guidePerAb: 1 };
}

function raisedOver(guide: Plane, ab: Ab): Ab {
  const [a, b] = raiseColours([ab.a, ab.b], guide);
  return { a, b };
}

/** Plain colours far from the spots, told ones near them. */
function toldNear(plain: Ab, told: Ab, lightness: Plane, spots: readonly Spot[]): Ab {
  const share = new Float32Array(lightness.values.length);
  for (const { values } of distancesOver(told, lightness, spots)) {
    for (let at = 0; at < share.length; at++) {
      share[at] = Math.max(share[at], reached(values[at] / TOLD_REACH));
    }
  }
  const mixed = (one: Plane, other: Plane): Plane => ({
    ...one,
    values: one.values.map((value, at) => value + (other.values[at] - value) * share[at]),
  });
  return { a: mixed(plain.a, told.a), b: mixed(plain.b, told.b) };
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

/** What the pixels get is linear in what is told at the spots, so that this is solved for. */
function spread(
  painted: Ab,
  shares: readonly Plane[],
  wanted: readonly Wanted[],
  guide: Plane,
): Ab {
  const read = wanted.map(({ spot, fold }) =>
    readAt(guide, [painted.a, painted.b, ...shares], { ...spot, fold }),
  );
  const response = read.map((values) => values.slice(2));
  const softened = shares.map((_, row) =>
    shares.map(
      (__, column) =>
        response.reduce((sum, each) => sum + each[row] * each[column], 0) +
        (row === column ? STIFFNESS : 0),
    ),
  );
  const told = ([0, 1] as const).map((channel) => {
    const missing = wanted.map(({ ab }, spot) => ab[channel] - read[spot][channel]);
    const goal = shares.map((_, row) =>
      response.reduce((sum, each, spot) => sum + each[row] * missing[spot], 0),
    );
    return solved(softened, goal);
  });
  return { a: added(painted.a, shares, told[0]), b: added(painted.b, shares, told[1]) };
}

function added(plane: Plane, shares: readonly Plane[], told: readonly number[]): Plane {
  const values = Float32Array.from(plane.values);
  shares.forEach((share, index) => {
    for (let at = 0; at < values.length; at++) values[at] += share.values[at] * told[index];
  });
  return { ...plane, values };
}

/** How much each spot's told colour counts at every pixel; together at most 1. */
function influence(painted: Ab, lightness: Plane, spots: readonly Spot[]): Plane[] {
  const distances = distancesOver(painted, lightness, spots);
  for (let at = 0; at < lightness.values.length; at++) {
    let most = 0;
    let sum = 0;
    for (const { values } of distances) {
      const way = values[at];
      most = Math.max(most, reached(way));
      values[at] = (way + AT_ONCE) ** -BLENDING;
      sum += values[at];
    }
    for (const { values } of distances) values[at] *= most / sum;
  }
  return distances;
}

/** How far every pixel is from each spot, when edges are hard to cross. */
function distancesOver({ a, b }: Ab, lightness: Plane, spots: readonly Spot[]): Plane[] {
  const steps = stepsOver(boxMean(lightness), a, b); // over texture it goes on
  return spots.map((spot) => {
    const { row, column } = cellOf(spot, lightness);
    return geodesicDistance(steps, row, column);
  });
}

/** How much a spot says at a distance: 1 at once … 0 too far away. */
function reached(way: number): number {
  return way < FARTHEST ? Math.exp(-0.5 * way ** 3) : 0;
}

function stepsOver(lightness: Plane, a: Plane, b: Plane): Steps {
  const { height, width } = lightness;
  const length = 1 / (REACH * Math.min(height, width));
  const cost = (stride: number): Float32Array => {
    const costs = new Float32Array(height * width - stride);
    for (let at = 0; at < costs.length; at++) {
      const step = (lightness.values[at + stride] - lightness.values[at]) / CROSSING_L;
      const da = (a.values[at + stride] - a.values[at]) / CROSSING_AB;
      const db = (b.values[at + stride] - b.values[at]) / CROSSING_AB;
      costs[at] = length + step * step + da * da + db * db;
    }
    return costs;
  };
  return { height, width, across: cost(1), down: cost(width) };
}
