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
  const taps = new Taps(guide, height, width);
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

/** Which nine small pixels every pixel of the guide listens to, and how much to each. */
class Taps {
  readonly #guide: Plane;
  readonly #small: Size;
  readonly #places: Int32Array;
  readonly #shares: Float32Array;

  constructor(guide: Plane, height: number, width: number) {
    this.#guide = guide;
    this.#small = { height, width };
    this.#places = new Int32Array(9 * guide.values.length);
    this.#shares = new Float32Array(9 * guide.values.length);
    const small = shrink(guide, height, width).values;
    const down = near(guide.height, height);
    const across = near(guide.width, width);
    for (let row = 0; row < guide.height; row++) {
      for (let column = 0; column < guide.width; column++) {
        this.#listen(row * guide.width + column, small, down[row], across[column]);
      }
    }
  }

  /** A small plane laid over the guide. */
  spread(small: Plane): Plane {
    const result = emptyPlane(this.#guide.height, this.#guide.width);
    for (let pixel = 0, tap = 0; pixel < result.values.length; pixel++) {
      let sum = 0;
      for (const end = tap + 9; tap < end; tap++) {
        sum += small.values[this.#places[tap]] * this.#shares[tap];
      }
      result.values[pixel] = sum;
    }
    return result;
  }

  #listen(pixel: number, small: Float32Array, down: Near, across: Near): void {
    const grey = this.#guide.values[pixel];
    const start = 9 * pixel;
    let total = 0;
    for (let tap = 0; tap < 9; tap++) {
      const [row, column] = [(tap / 3) | 0, tap % 3];
      const place = down.places[row] * this.#small.width + across.places[column];
      const unlike = small[place] - grey;
      const share =
        (Math.exp((-0.5 / LIKENESS ** 2) * unlike * unlike) + LEAST_LIKE) *
        down.weights[row] *
        across.weights[column];
      this.#places[start + tap] = place;
      this.#shares[start + tap] = share;
      total += share;
    }
    for (let tap = start; tap < start + 9; tap++) this.#shares[tap] /= total;
  }
}

/** The three small pixels nearest to a pixel along one axis, and their weights. */
interface Near {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

function near(length: number, small: number): Near[] {
  return Array.from({ length }, (_, index) => {
    const place = (index + 0.5) * (small / length) - 0.5;
    const three = [-1, 0, 1].map((step) => roundedToEven(place) + step);
    return {
      places: three.map((spot) => Math.min(Math.max(spot, 0), small - 1)),
      weights: three.map((spot) => Math.exp(-0.5 * ((spot - place) / NEARNESS) ** 2)),
    };
  });
}
