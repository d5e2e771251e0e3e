/** Small colour and full-size lightness joined into the colour picture. */

import { EdgeModel, GRAIN_OF_LIGHTNESS } from "./edge-model.ts";
import { Gamut } from "./gamut.ts";
import { FOLD_OF_LEVEL, lightnessOfGrey } from "./lab.ts";
import {
  type Ab,
  type Colours,
  type Levels,
  mapped,
  type Plane,
  type Region,
  type Size,
  scaledBy,
} from "./plane.ts";
import { guideSize, raiseColours } from "./raise.ts";
import { resize } from "./resize.ts";
import { roundedToEven } from "./rounding.ts";

const LONGEST_PER_SHORT = 3; // a panorama is squeezed, rather than painted at any length

/** The size to paint a picture at: the same shape, where it can be. */
export function networkSize({ height, width }: Size, shortSide: number): Size {
  const longest = LONGEST_PER_SHORT * shortSide;
  const scale = shortSide / Math.min(height, width);
  const side = (px: number): number => Math.min(longest, roundedToEven(px * scale));
  return { height: side(height), width: side(width) };
}

/** Lightness 0…100 of grey at another size: averaged as coded, then converted. */
export function smallLightness(grey: Levels, { height, width }: Size): Plane {
  return lightnessOfGrey(resize(grey, height, width));
}

/** a*\/500 and b*\/200 over a whole picture, at strength 1. */
export function labModel(grey: Levels, { ab, guidePerAb }: Colours): EdgeModel {
  const guide = foldedGuide(grey, guideSize(ab.a, grey, guidePerAb));
  const [a, b] = raiseColours([ab.a, ab.b], guide);
  return modelOver(guide, { a, b }, grey);
}

const guides = new WeakMap<Levels, Plane>();

/** f(Y) of a picture at the size of its guide; the latest of each picture is kept. */
export function foldedGuide(grey: Levels, size: Size): Plane {
  const kept = guides.get(grey);
  if (kept && kept.height === size.height && kept.width === size.width) return kept;
  const guide = mapped(smallLightness(grey, size), (value) => (value + 16) / 116);
  guides.set(grey, guide);
  return guide;
}

/** The model of colours that are as large as their guide. */
export function modelOver(guide: Plane, { a, b }: Ab, picture: Size): EdgeModel {
  const colours: [Plane, Plane] = [scaledBy(a, 1 / 500), scaledBy(b, 1 / 200)];
  return new EdgeModel(guide, colours, picture, GRAIN_OF_LIGHTNESS);
}

/** What `rowPainter` paints: the grey of a region of a picture of size `picture`. */
export interface Canvas {
  readonly grey: Levels;
  readonly region: Region;
  readonly picture: Size;
}

/** Paints a region row by row, as light as its grey; `strength` multiplies chroma. */
export function rowPainter(model: EdgeModel, canvas: Canvas, strength: number) {
  const { grey, region, picture } = canvas;
  const colours = model.over(region, picture);
  const folds = new Float32Array(region.width);
  const gamut = new Gamut();
  return (row: number, rgba: Uint8ClampedArray, at: number): void => {
    const start = row * region.width;
    for (let x = 0; x < region.width; x++) folds[x] = FOLD_OF_LEVEL[grey.values[start + x]];
    colours.row(row, folds);
    gamut.writeRow({ folds, first: colours.first, second: colours.second }, strength, rgba, at);
  };
}

/** The region's colours, 8-bit sRGB with an opaque alpha. */
export function paint(
  model: EdgeModel,
  canvas: Canvas,
  strength: number,
): Uint8ClampedArray<ArrayBuffer> {
  const { height, width } = canvas.region;
  const rgba = new Uint8ClampedArray(4 * height * width);
  const paintRow = rowPainter(model, canvas, strength);
  for (let row = 0; row < height; row++) paintRow(row, rgba, 4 * width * row);
  return rgba;
}
