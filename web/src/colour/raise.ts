/**
 * Small colour raised to the size of a small lightness picture, without mixing across its edges.
 *
 * Joint bilateral upsampling (Kopf et al. 2007): a pixel takes the colours of the nearest small ones
 * in proportion to how alike their lightness is; what their means then lack is put back (iterative
 * back-projection, Irani & Peleg 1991). The same numbers as in photochrom/color/bilateral.py.
 */

import { emptyPlane, type Plane, type Size } from "./plane.ts";
import { resize, shrink } from "./resize.ts";
import { roundedToEven } from "./rounding.ts";

export const GUIDE_PER_AB = 4; // guide pixels per colour pixel, along each side
const NEARNESS = 0.55; // standard deviation in space [small pixels]
const LIKENESS = 4 / 116; // standard deviation in f(Y): 4 L*
const SHARPNESS = -0.5 / LIKENESS ** 2;
const LEAST_LIKE = 1e-3; // a pixel unlike all its neighbours still takes their plain mean
const BACK_PROJECTIONS = 3;

/** The size of the guide for colour of a size and a picture of a size. */
export function guideSize(colour: Size, picture: Size, perAb = GUIDE_PER_AB): Size {
  return {
    height: Math.min(picture.height, perAb * colour.height),
    width: Math.min(picture.width, perAb * colour.width),
  };
}

/** Small colour planes at the size of `guide`, which is f(Y); those of its size stay. */
export function raiseColours(colours: readonly Plane[], guide: Plane): Plane[] {
  const [first] = colours;
  if (first.height === guide.height && first.width === guide.width) return [...colours];
  const height = Math.min(first.height, guide.height);
  const width = Math.min(first.width, guide.width);
  const taps = tapsOver(guide, height, width);
  return colours.map((colour) => {
    const wanted = resize(colour, height, width);
    const raised = taps.spread(wanted);
    for (let round = 0; round < BACK_PROJECTIONS; round++) {
      const made = shrink(raised, height, width);
      for (let i = 0; i < made.values.length; i++)
        made.values[i] = wanted.values[i] - made.values[i];
      const more = taps.spread(made).values;
      for (let i = 0; i < more.length; i++) raised.values[i] += more[i];
    }
    return raised;
  });
}

const kept = new WeakMap<Plane, Taps>();

/** The latest taps of each guide are kept: a hint is laid over the same guide many times. */
function tapsOver(guide: Plane, height: number, width: number): Taps {
  const found = kept.get(guide);
  if (found?.small.height === height && found.small.width === width) return found;
  const taps = new Taps(guide, height, width);
  kept.set(guide, taps);
  return taps;
}

/** Which nine small pixels every pixel of the guide listens to, and how much to each. */
class Taps {
  readonly small: Size;
  readonly #guide: Size;
  readonly #places: Int32Array;
  readonly #shares: Float32Array;

  constructor(guide: Plane, height: number, width: number) {
    const { values } = guide;
    const small = shrink(guide, height, width).values;
    const [down, across] = [near(guide.height, height), near(guide.width, width)];
    const places = new Int32Array(9 * values.length);
    const shares = new Float32Array(9 * values.length);
    for (let pixel = 0, start = 0; pixel < values.length; pixel++, start += 9) {
      const row = 3 * Math.floor(pixel / guide.width);
      const column = 3 * (pixel % guide.width);
      let total = 0;
      for (let tap = 0; tap < 9; tap++) {
        const one = row + ((tap / 3) | 0);
        const other = column + (tap % 3);
        const place = down.places[one] * width + across.places[other];
        const unlike = small[place] - values[pixel];
        const alike = Math.exp(SHARPNESS * unlike * unlike) + LEAST_LIKE;
        const share = alike * down.weights[one] * across.weights[other];
        places[start + tap] = place;
        shares[start + tap] = share;
        total += share;
      }
      for (let tap = start; tap < start + 9; tap++) shares[tap] /= total;
    }
    this.small = { height, width };
    this.#guide = { height: guide.height, width: guide.width };
    this.#places = places;
    this.#shares = shares;
  }

  /** A small plane laid over the guide. */
  spread(small: Plane): Plane {
    const result = emptyPlane(this.#guide.height, this.#guide.width);
    const [places, shares, values] = [this.#places, this.#shares, small.values];
    for (let pixel = 0, tap = 0; pixel < result.values.length; pixel++) {
      let sum = 0;
      for (const end = tap + 9; tap < end; tap++) sum += values[places[tap]] * shares[tap];
      result.values[pixel] = sum;
    }
    return result;
  }
}

/** For each pixel along one axis three small ones, the nearest, and their weights. */
interface Near {
  readonly places: Int32Array;
  readonly weights: Float32Array;
}

function near(length: number, small: number): Near {
  const places = new Int32Array(3 * length);
  const weights = new Float32Array(3 * length);
  for (let index = 0; index < length; index++) {
    const place = (index + 0.5) * (small / length) - 0.5;
    for (const step of [-1, 0, 1]) {
      const spot = roundedToEven(place) + step;
      places[3 * index + step + 1] = Math.min(Math.max(spot, 0), small - 1);
      weights[3 * index + step + 1] = Math.exp(-0.5 * ((spot - place) / NEARNESS) ** 2);
    }
  }
  return { places, weights };
}
