/** One photo on its way: decoded, given colours, and asked for its pixels at any size. */

import type { EdgeModel } from "../colour/edge-model.ts";
import { labModel, paint } from "../colour/merge.ts";
import { type Levels, type Region, type Size, whole } from "../colour/plane.ts";
import { shrink } from "../colour/resize.ts";
import type { Rgb } from "../hints/hint.ts";
import type { Bytes } from "../photo/bytes.ts";
import { decodeColours, decodePhoto, type Photo } from "../photo/decode.ts";
import { Problem } from "../texts/problem.ts";
import { Latest } from "./latest.ts";
import type { Coloured, Detail, Opened, Pixels, Saved, SaveWay, Wishes } from "./messages.ts";
import { savePhoto } from "./saving.ts";
import type { Answered, ColourSource, Given, Point } from "./source.ts";

const MOST_VIEW_PIXELS = 2.1e6; // a photo is shown at no more, except where one zooms in

export class Print {
  readonly #given: Given;
  readonly #photo: Photo;
  readonly #shown: File;
  readonly #view: Levels;
  readonly #answered = new Latest<Answered>();
  readonly #model = new Latest<EdgeModel>();

  private constructor(file: File, screen: Size, shown: File, photo: Photo) {
    this.#given = { file, grey: photo.grey, shown: photo.shown };
    this.#photo = photo;
    this.#shown = shown;
    this.#view = levelsOf(photo.grey, viewSize(photo.grey, screen));
  }

  /** `shown` stands for a file that no browser reads. Throws `Problem`. */
  static async of(file: File, screen: Size, shown = file): Promise<Print> {
    return new Print(file, screen, shown, await decodePhoto(await bytesOf(shown)));
  }

  get pixels(): number {
    return this.#photo.grey.values.length;
  }

  /** The server reads the file and this browser does not. */
  get isForeign(): boolean {
    return this.#shown !== this.#given.file;
  }

  opened(): Opened {
    const { grey, hasColour, container } = this.#photo;
    return {
      full: { height: grey.height, width: grey.width },
      view: { height: this.#view.height, width: this.#view.width },
      grey: greyPixels(this.#view.values),
      hasColour,
      isNarrowed: container.bits > 8,
      canArchive: container.isGreyJpeg && !this.isForeign,
    };
  }

  async coloured(wishes: Wishes, source: ColourSource): Promise<Coloured> {
    const { milliseconds } = await this.#answer(wishes, source);
    const pixels = this.#painted(await this.#modelled(wishes, source), wishes);
    return { pixels, networkMilliseconds: milliseconds, isDraft: false };
  }

  /** What can be shown at once; null where the colours themselves can. */
  async drafted(wishes: Wishes, source: ColourSource): Promise<Coloured | null> {
    const drafted = await source.draft(this.#given, wishes);
    if (!drafted) return null;
    const pixels = this.#painted(labModel(this.#photo.grey, drafted.colours), wishes);
    return { pixels, networkMilliseconds: drafted.milliseconds, isDraft: true };
  }

  async ownColours(): Promise<Pixels> {
    return decodeColours(await bytesOf(this.#shown), this.#photo.container, this.#view);
  }

  /** A region of the photo, every `step` × `step` pixels of it one. */
  async detail(
    wishes: Wishes,
    source: ColourSource,
    { region, step }: { region: Region; step: number },
  ): Promise<Detail> {
    const model = await this.#modelled(wishes, source);
    const { height, width } = this.#photo.grey;
    const grey = cut(this.#photo.grey, region, step);
    const picture = { height: height / step, width: width / step };
    const colour = paint(model, { grey, region, picture }, wishes.strength);
    return { region, step, grey: greyPixels(grey.values), colour };
  }

  palette(wishes: Wishes, source: ColourSource, at: Point): Promise<Rgb[]> {
    return source.palette(this.#given, wishes, at);
  }

  /** The photo as a file. */
  async saved(wishes: Wishes, source: ColourSource, way: SaveWay): Promise<Saved> {
    const finished = {
      name: this.#given.file.name,
      file: await bytesOf(this.#given.file),
      photo: this.#photo,
      colours: (await this.#answer(wishes, source)).colours,
      model: await this.#modelled(wishes, source),
      wishes,
      madeBy: source.listing,
    };
    return savePhoto(finished, way);
  }

  #painted(model: EdgeModel, { strength }: Wishes): Pixels {
    const canvas = { grey: this.#view, region: whole(this.#view), picture: this.#view };
    return paint(model, canvas, strength);
  }

  #answer(wishes: Wishes, source: ColourSource): Promise<Answered> {
    return this.#answered.get(keyOf(wishes), () => source.colours(this.#given, wishes));
  }

  #modelled(wishes: Wishes, source: ColourSource): Promise<EdgeModel> {
    return this.#model.get(keyOf(wishes), async () =>
      labModel(this.#photo.grey, (await this.#answer(wishes, source)).colours),
    );
  }
}

/** What the colours depend on; strength is laid on later. */
function keyOf({ place, vividness, hints }: Wishes): string {
  return JSON.stringify([place, vividness, hints]);
}

export async function bytesOf(file: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new Problem("fileGone", { cause: error });
  }
}

function viewSize({ height, width }: Size, screen: Size): Size {
  const most = Math.sqrt(MOST_VIEW_PIXELS / (height * width));
  const scale = Math.min(1, most, screen.height / height, screen.width / width);
  const side = (px: number): number => Math.max(1, Math.round(px * scale));
  return { height: side(height), width: side(width) };
}

function levelsOf(grey: Levels, { height, width }: Size): Levels {
  if (height === grey.height && width === grey.width) return grey;
  const { values } = shrink(grey, height, width);
  return { height, width, values: Uint8Array.from(values, (level) => level + 0.5) };
}

/** A region given in steps of the picture. */
function cut(grey: Levels, { left, top, height, width }: Region, step: number): Levels {
  const [tall, wide] = [height * step, width * step];
  const values = new Uint8Array(tall * wide);
  for (let row = 0; row < tall; row++) {
    const start = (top * step + row) * grey.width + left * step;
    values.set(grey.values.subarray(start, start + wide), row * wide);
  }
  return levelsOf({ height: tall, width: wide, values }, { height, width });
}

function greyPixels(levels: Uint8Array): Pixels {
  const rgba = new Uint32Array(levels.length);
  for (let at = 0; at < levels.length; at++) rgba[at] = 0xff000000 | (levels[at] * 0x010101);
  return new Uint8ClampedArray(rgba.buffer);
}
