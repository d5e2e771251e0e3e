/** One photo on its way: decoded, painted, and asked for its pixels at any size. */

import type { EdgeModel } from "../colour/edge-model.ts";
import { LIGHTNESS_OF_LEVEL } from "../colour/lab.ts";
import { labModel, networkSize, paint, smallLightness } from "../colour/merge.ts";
import { type Colours, type Levels, type Region, type Size, whole } from "../colour/plane.ts";
import { GUIDE_PER_AB } from "../colour/raise.ts";
import { shrink } from "../colour/resize.ts";
import type { Rgb } from "../hints/hint.ts";
import { layHints } from "../hints/lay.ts";
import { likelyColours } from "../hints/palette.ts";
import { hintPlanes, spotsOf } from "../hints/spots.ts";
import { type Bins, lookAt, meanColours } from "../network/bins.ts";
import type { Painted, Painter } from "../network/painter.ts";
import type { Bytes } from "../photo/bytes.ts";
import { decodeColours, decodePhoto, type Photo } from "../photo/decode.ts";
import { Problem } from "../texts/problem.ts";
import { Latest } from "./latest.ts";
import type { Coloured, Opened, Pixels, Saved, SaveWay, Tile, Wishes } from "./messages.ts";

const MOST_SUGGESTED = 6;
const MOST_VIEW_PIXELS = 2.1e6; // a photo is shown at no more, except where one zooms in

export class Print {
  readonly #file: File;
  readonly #photo: Photo;
  readonly #view: Levels;
  readonly #network = new Latest<Painted>();
  readonly #laid = new Latest<Colours>();
  readonly #model = new Latest<EdgeModel>();

  private constructor(file: File, photo: Photo) {
    this.#file = file;
    this.#photo = photo;
    const { height, width } = viewSize(photo.grey);
    this.#view = levelsOf(photo.grey, height, width);
  }

  /** Throws `Problem`. */
  static async of(file: File): Promise<Print> {
    return new Print(file, await decodePhoto(await bytesOf(file)));
  }

  get pixels(): number {
    return this.#photo.grey.values.length;
  }

  opened(): Opened {
    const { grey, hasColour, container } = this.#photo;
    return {
      full: { height: grey.height, width: grey.width },
      view: { height: this.#view.height, width: this.#view.width },
      grey: greyPixels(this.#view.values),
      hasColour,
      canArchive: container.isGreyJpeg,
    };
  }

  async coloured(wishes: Wishes, painter: Painter): Promise<Coloured> {
    const { milliseconds } = await this.#painted(wishes, painter);
    const model = await this.#modelled(wishes, painter);
    const canvas = { grey: this.#view, region: whole(this.#view), picture: this.#view };
    const pixels = paint(model, canvas, wishes.strength);
    return { pixels, networkMilliseconds: milliseconds };
  }

  async ownColours(): Promise<Pixels> {
    return decodeColours(await bytesOf(this.#file), this.#photo.container, this.#view);
  }

  async tile(wishes: Wishes, region: Region, painter: Painter): Promise<Tile> {
    const model = await this.#modelled(wishes, painter);
    const grey = cut(this.#photo.grey, region);
    const canvas = { grey, region, picture: this.#photo.grey };
    return {
      region,
      grey: greyPixels(grey.values),
      colour: paint(model, canvas, wishes.strength),
    };
  }

  /** The colours that a place likely has; none where the model does not say. */
  async palette(wishes: Wishes, { x, y }: { x: number; y: number }, painter: Painter): Promise<Rgb[]> {
    const { grey } = this.#photo;
    const { logits } = await this.#painted(wishes, painter);
    if (!logits || !painter.bins) return [];
    const [row, column] = [Math.min(y | 0, grey.height - 1), Math.min(x | 0, grey.width - 1)];
    const place = {
      down: (row + 0.5) / grey.height,
      across: (column + 0.5) / grey.width,
      lightness: LIGHTNESS_OF_LEVEL[grey.values[row * grey.width + column]],
    };
    const look = lookAt(painter.curve, painter.curve.ownPlace);
    return likelyColours(logits, painter.bins, look, place, MOST_SUGGESTED);
  }

  async saved(_wishes: Wishes, _way: SaveWay, _painter: Painter): Promise<Saved> {
    throw new Problem("unexpected");
  }

  /** What the network says; anew only where the hints that it takes have changed. */
  #painted(wishes: Wishes, painter: Painter): Promise<Painted> {
    const hints = painter.takesHints ? wishes.hints : [];
    return this.#network.get(JSON.stringify(hints), () => {
      const { grey } = this.#photo;
      const small = smallLightness(grey, networkSize(grey, painter.shortSide));
      return painter.paint(small, hints.length ? hintPlanes(spotsOf(hints, grey), small) : null);
    });
  }

  #colours(wishes: Wishes, painter: Painter): Promise<Colours> {
    const { vividness, hints } = wishes;
    return this.#laid.get(JSON.stringify([vividness, hints]), async () => {
      const { ab, logits } = await this.#painted(wishes, painter);
      const own = vividness === null || !logits || !painter.bins;
      const look = lookAt(painter.curve, vividness ?? 0);
      const chosen = own ? ab : meanColours(logits, painter.bins as Bins, look);
      const colours = { ab: chosen, guidePerAb: GUIDE_PER_AB };
      const { grey } = this.#photo;
      return hints.length ? layHints(grey, colours, spotsOf(hints, grey)) : colours;
    });
  }

  #modelled(wishes: Wishes, painter: Painter): Promise<EdgeModel> {
    const { vividness, hints } = wishes;
    return this.#model.get(JSON.stringify([vividness, hints]), async () =>
      labModel(this.#photo.grey, await this.#colours(wishes, painter)),
    );
  }
}

async function bytesOf(file: File): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new Problem("fileGone", { cause: error });
  }
}

function viewSize({ height, width }: Size): Size {
  const scale = Math.min(1, Math.sqrt(MOST_VIEW_PIXELS / (height * width)));
  const side = (px: number): number => Math.max(1, Math.round(px * scale));
  return { height: side(height), width: side(width) };
}

function levelsOf(grey: Levels, height: number, width: number): Levels {
  if (height === grey.height && width === grey.width) return grey;
  const { values } = shrink(grey, height, width);
  return { height, width, values: Uint8Array.from(values, (level) => level + 0.5) };
}

function cut(grey: Levels, { left, top, height, width }: Region): Levels {
  const values = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * grey.width + left;
    values.set(grey.values.subarray(start, start + width), row * width);
  }
  return { height, width, values };
}

function greyPixels(levels: Uint8Array): Pixels {
  const rgba = new Uint32Array(levels.length);
  for (let at = 0; at < levels.length; at++) rgba[at] = 0xff000000 | (levels[at] * 0x010101);
  return new Uint8ClampedArray(rgba.buffer);
}
