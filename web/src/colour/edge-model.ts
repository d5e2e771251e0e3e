/**
 * Colour enlarged along the photo's own edges: the fast guided filter (He & Sun 2015), as in
 * photochrom/color/guided.py. In every small window colour is a straight line in the picture's grey;
 * the lines are found at the guide's size, and asked for where the grey is large.
 */

import { edgeLines } from "./edge-lines.ts";
import type { Plane, Region, Size } from "./plane.ts";
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
    this.#lines = edgeLines(guide, colours, grain * grain);
  }

  /** The colours of one region of the picture, seen at the picture's own size or at another. */
  over(region: Region, picture: Size = this.#picture): RegionColours {
    return new RegionColours(this.#lines, this.#guide, region, picture);
  }
}

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
    const [mixed, width, first, second] = [this.#mixed, this.#guideWidth, this.first, this.second];
    const [high, slope1, offset1] = [width, 2 * width, 3 * width];
    const [slope2, offset2] = [4 * width, 5 * width];
    for (let column = 0; column < grey.length; column++) {
      const left = lefts[column];
      const right = rights[column];
      const share = shares[column];
      const keep = 1 - share;
      // Beyond what its window has seen, a line would run away into colours that are not there.
      const lowest = mixed[left] * keep + mixed[right] * share;
      const highest = mixed[high + left] * keep + mixed[high + right] * share;
      const seen = Math.min(Math.max(grey[column], lowest), highest);
      first[column] =
        (mixed[slope1 + left] * keep + mixed[slope1 + right] * share) * seen +
        (mixed[offset1 + left] * keep + mixed[offset1 + right] * share);
      second[column] =
        (mixed[slope2 + left] * keep + mixed[slope2 + right] * share) * seen +
        (mixed[offset2 + left] * keep + mixed[offset2 + right] * share);
    }
  }

  #mixRows(row: number): void {
    const width = this.#guideWidth;
    const upper = this.#down.first[row] * width;
    const lower = this.#down.second[row] * width;
    const share = this.#down.share[row];
    const mixed = this.#mixed;
    for (let plane = 0, at = 0; plane < PLANES; plane++) {
      const line = this.#lines[plane];
      for (let x = 0; x < width; x++, at++) {
        mixed[at] = line[upper + x] + (line[lower + x] - line[upper + x]) * share;
      }
    }
  }
}
