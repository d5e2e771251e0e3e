/**
 * Colour enlarged along the photo's own edges: the fast guided filter (He & Sun 2015), as in
 * photochrom/color/guided.py. In every small window colour is a straight line in the picture's grey;
 * the lines are found at the guide's size, and asked for where the grey is large.
 */

import { emptyPlane, type Plane, type Region, type Size } from "./plane.ts";
import { type Neighbours, neighbours } from "./resize.ts";

/** f(Y): lightness that varies by less than 2 L* is a scan's grain, not an edge. */
export const GRAIN_OF_LIGHTNESS = 2 / 116;
/** Luma that varies by less than 5 levels. */
export const GRAIN_OF_LUMA = 5;

const PLANES = 6; // lowest and highest grey, then each colour's slope and offset

/** Two colour planes as lines in grey, to be asked for row by row at full size. */
export class EdgeModel {
  readonly #lines: readonly Float32Array[];
  readonly #guide: Size;
  readonly #picture: Size;

  /** Lays `colours`, of the size of `guide`, over a picture whose grey, shrunk, is `guide`. */
  constructor(guide: Plane, colours: readonly [Plane, Plane], picture: Size, grain: number) {
    this.#guide = guide;
    this.#picture = picture;
    this.#lines = lines(guide, colours, grain * grain);
  }

  /** Both colours of the pixel at shares 0…1 of the picture's sides, whose grey is given. */
  at(down: number, across: number, grey: number): TwoColours {
    const { height, width } = this.#guide;
    const row = Math.min(Math.max(down * height - 0.5, 0), height - 1);
    const column = Math.min(Math.max(across * width - 0.5, 0), width - 1);
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [below, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
    const [lowest, highest, slope1, offset1, slope2, offset2] = this.#lines.map((line) => {
      const upper = mix(line[top * width + left], line[top * width + right], column - left);
      const lower = mix(line[below * width + left], line[below * width + right], column - left);
      return mix(upper, lower, row - top);
    });
    const seen = Math.min(Math.max(grey, lowest), highest);
    return [slope1 * seen + offset1, slope2 * seen + offset2];
  }

  /** The colours of one region of the picture, seen at the picture's own size or at another. */
  over(region: Region, picture: Size = this.#picture): RegionColours {
    return new RegionColours(this.#lines, this.#guide, region, picture);
  }
}

/** The two colours of single pixels: see `EdgeModel.at`. */
export type TwoColours = readonly [first: number, second: number];

/** An `EdgeModel`'s colours of a region, a row at a time. */
export class RegionColours {
  /** The two colours of the row that `row` was last called for. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly #lines: readonly Float32Array[];
  readonly #guideWidth: number;
  readonly #down: Neighbours;
  readonly #across: Neighbours;
  readonly #mixed: Float32Array;

  constructor(lines: readonly Float32Array[], guide: Size, region: Region, picture: Size) {
    this.#lines = lines;
    this.#guideWidth = guide.width;
    this.#down = neighbours(guide.height, region.top, region.height, picture.height);
    this.#across = neighbours(guide.width, region.left, region.width, picture.width);
    this.#mixed = new Float32Array(PLANES * guide.width);
    this.first = new Float32Array(region.width);
    this.second = new Float32Array(region.width);
  }

  /** Fill `first` and `second` for row `row` of the region, whose grey is given. */
  row(row: number, grey: Float32Array): void {
    this.#mixRows(row);
    const { first: lefts, second: rights, share: shares } = this.#across;
    const [mixed, width] = [this.#mixed, this.#guideWidth];
    const [high, slope1, offset1] = [width, 2 * width, 3 * width];
    const [slope2, offset2] = [4 * width, 5 * width];
    for (let column = 0; column < grey.length; column++) {
      const [left, right, share] = [lefts[column], rights[column], shares[column]];
      const keep = 1 - share;
      // Beyond what its window has seen, a line would run away into colours that are not there.
      const lowest = mixed[left] * keep + mixed[right] * share;
      const highest = mixed[high + left] * keep + mixed[high + right] * share;
      const seen = Math.min(Math.max(grey[column], lowest), highest);
      this.first[column] =
        (mixed[slope1 + left] * keep + mixed[slope1 + right] * share) * seen +
        (mixed[offset1 + left] * keep + mixed[offset1 + right] * share);
      this.second[column] =
        (mixed[slope2 + left] * keep + mixed[slope2 + right] * share) * seen +
        (mixed[offset2 + left] * keep + mixed[offset2 + right] * share);
    }
  }

  #mixRows(row: number): void {
    const width = this.#guideWidth;
    const upper = this.#down.first[row] * width;
    const lower = this.#down.second[row] * width;
    const share = this.#down.share[row];
    for (let plane = 0, at = 0; plane < PLANES; plane++) {
      const line = this.#lines[plane];
      for (let x = 0; x < width; x++, at++) {
        this.#mixed[at] = line[upper + x] + (line[lower + x] - line[upper + x]) * share;
      }
    }
  }
}

/** He & Sun 2015, equations 3 to 6; `flatness` is their ε, a variance of grey. */
function lines(guide: Plane, colours: readonly [Plane, Plane], flatness: number): Float32Array[] {
  const mean = boxMean(guide).values;
  const squares = boxMean(product(guide, guide)).values;
  const spread = squares.map((square, i) => Math.max(square - mean[i] * mean[i], 0) + flatness);
  const found = [extreme(guide, Math.min), extreme(guide, Math.max)];
  for (const colour of colours) {
    const meanColour = boxMean(colour).values;
    const both = boxMean(product(guide, colour)).values;
    const slope = both.map((value, i) => (value - mean[i] * meanColour[i]) / spread[i]);
    const offset = meanColour.map((value, i) => value - slope[i] * mean[i]);
    found.push(boxMean({ ...guide, values: slope }).values);
    found.push(boxMean({ ...guide, values: offset }).values);
  }
  return found;
}

function mix(one: number, other: number, share: number): number {
  return one + (other - one) * share;
}

function product(one: Plane, other: Plane): Plane {
  return { ...one, values: one.values.map((value, i) => value * other.values[i]) };
}

/** Mean of every window of 3 × 3 pixels; borders repeat. */
export function boxMean(plane: Plane): Plane {
  const result = emptyPlane(plane.height, plane.width);
  eachWindow(plane, (place, a, b, c) => {
    result.values[place] = a + b + c;
  });
  const rows = Float32Array.from(result.values);
  eachColumnWindow({ ...plane, values: rows }, (place, a, b, c) => {
    result.values[place] = (a + b + c) / 9;
  });
  return result;
}

function extreme(plane: Plane, of: (...values: number[]) => number): Float32Array {
  const rows = emptyPlane(plane.height, plane.width);
  eachWindow(plane, (place, a, b, c) => {
    rows.values[place] = of(a, b, c);
  });
  const result = new Float32Array(plane.values.length);
  eachColumnWindow(rows, (place, a, b, c) => {
    result[place] = of(a, b, c);
  });
  return result;
}

type Three = (place: number, before: number, here: number, after: number) => void;

function eachWindow({ height, width, values }: Plane, use: Three): void {
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (let x = 0; x < width; x++) {
      const before = values[start + Math.max(x - 1, 0)];
      use(start + x, before, values[start + x], values[start + Math.min(x + 1, width - 1)]);
    }
  }
}

function eachColumnWindow({ height, width, values }: Plane, use: Three): void {
  for (let row = 0; row < height; row++) {
    const above = Math.max(row - 1, 0) * width;
    const below = Math.min(row + 1, height - 1) * width;
    for (let x = 0; x < width; x++) {
      use(row * width + x, values[above + x], values[row * width + x], values[below + x]);
    }
  }
}
