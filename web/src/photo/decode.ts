/**
 * A file's pixels by the browser's own decoder: levels as stored where their profile is for us to
 * apply, in sRGB else. The browser turns only the kinds whose orientation we cannot read ourselves.
 * Pixels are read in tiles, since phones' canvases end near 16.7 megapixels.
 */

import type { Tone } from "../colour/chroma.ts";
import {
  halved,
  isNeutral,
  turned,
  upright,
  uprightSize,
  writeGrey,
  writeLuma,
} from "../colour/grey.ts";
import type { Levels, Size } from "../colour/plane.ts";
import { hasRealColour } from "../colour/real-colour.ts";
import { linearToSrgb } from "../colour/srgb.ts";
import { Problem } from "../texts/problem.ts";
import { asStored } from "./as-stored.ts";
import type { Bytes } from "./bytes.ts";
import { type Container, readContainer } from "./container.ts";
import { greyTone, parseProfile } from "./icc.ts";

const MOST_PIXELS = 250e6;
const TILE_PX = 2048;
const JUDGED_PX = 256; // a picture shrunk to this is large enough to say whether it has colour

export interface Photo {
  readonly container: Container;
  /** Upright, sRGB-coded. */
  readonly grey: Levels;
  /** What a network is shown of it: a JPEG's luma at half its size, as Python reads it. */
  readonly shown: Levels;
  /** Upright; null where the file is opaque. */
  readonly alpha: Uint8Array<ArrayBuffer> | null;
  /** It holds more than one tone, so it is greyed first. */
  readonly hasColour: boolean;
}

/** Throws `Problem`. */
export async function decodePhoto(file: Bytes): Promise<Photo> {
  const container = await readContainer(file);
  const bitmap = await bitmapOf(file, container);
  try {
    const { levels, luma, alpha, isColoured } = readPixels(bitmap, container.kind === "jpeg");
    const tone = toneOf(container);
    if (tone) recode(levels, tone);
    const { orientation } = container;
    const grey = upright(levels, orientation);
    const ofJpeg = isColoured && luma ? upright(luma, orientation) : grey;
    return {
      container,
      grey,
      shown: container.kind === "jpeg" ? halved(ofJpeg) : grey,
      alpha:
        alpha &&
        turned({ ...levels, values: alpha }, orientation, new Uint8Array(alpha.length)).values,
      hasColour: isColoured && judgeColour(bitmap),
    };
  } finally {
    bitmap.close();
  }
}

/** A grey JPEG's stored levels at half size, no profile applied, in stored orientation. */
export async function decodeLumaHalf(file: Bytes, container: Container): Promise<Levels> {
  const bitmap = await bitmapOf(file, container);
  try {
    return halved(readPixels(bitmap, false).levels);
  } finally {
    bitmap.close();
  }
}

/** The photo's own colours at a size, upright, as opaque RGBA. */
export async function decodeColours(
  file: Bytes,
  container: Container,
  size: Size,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const bitmap = await bitmapOf(file, container);
  const { orientation } = container;
  const stored = uprightSize(size, orientation);
  const { data } = drawn(bitmap, stored);
  bitmap.close();
  if (orientation === 1) return data;
  const pixels = new Uint32Array(data.buffer);
  const upright = turned(
    { ...stored, values: pixels },
    orientation,
    new Uint32Array(pixels.length),
  );
  return new Uint8ClampedArray(upright.values.buffer);
}

export function toneOf(container: Container): Tone | null {
  return isOurs(container) ? greyTone(container.icc) : null;
}

/** Whether the profile is about grey levels that we keep, and so for us to apply. */
function isOurs({ isGreyJpeg, icc }: Container): boolean {
  return isGreyJpeg || parseProfile(icc)?.space === "GRAY";
}

async function bitmapOf(file: Bytes, container: Container): Promise<ImageBitmap> {
  // Browsers say of what is too large for them only that they cannot read it.
  if (container.size) checkSize(container.size);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([asStored(file, container)]), {
      imageOrientation: container.kind === "other" ? "from-image" : "none",
      colorSpaceConversion: container.icc && !isOurs(container) ? "default" : "none",
    });
  } catch (error) {
    const isKnown = container.kind !== "other";
    throw new Problem(isKnown ? "damaged" : "notAPicture", { cause: error });
  }
  try {
    checkSize(bitmap);
  } catch (error) {
    bitmap.close();
    throw error;
  }
  return bitmap;
}

function checkSize({ height, width }: Size): void {
  if (height * width > MOST_PIXELS) throw new Problem("tooLarge");
}

interface Read {
  readonly levels: Levels;
  readonly luma: Levels | null;
  readonly alpha: Uint8Array<ArrayBuffer> | null;
  readonly isColoured: boolean;
}

function readPixels(bitmap: ImageBitmap, hasLuma: boolean): Read {
  const { height, width } = bitmap;
  const values = allocated(height * width);
  const luma = hasLuma ? allocated(height * width) : null;
  let alpha: Uint8Array<ArrayBuffer> | null = null;
  let isColoured = false;
  const canvas = new OffscreenCanvas(Math.min(width, TILE_PX), Math.min(height, TILE_PX));
  for (let top = 0; top < height; top += TILE_PX) {
    for (let left = 0; left < width; left += TILE_PX) {
      const size = {
        height: Math.min(TILE_PX, height - top),
        width: Math.min(TILE_PX, width - left),
      };
      const rgba = tileOf(canvas, bitmap, { left, top, ...size });
      isColoured ||= !isNeutral(rgba);
      if (!alpha && !isOpaque(rgba)) alpha = allocated(height * width).fill(255);
      for (let row = 0; row < size.height; row++) {
        const pixels = rgba.subarray(4 * row * size.width, 4 * (row + 1) * size.width);
        const start = (top + row) * width + left;
        writeGrey(pixels, values, start);
        if (luma) writeLuma(pixels, luma, start);
        if (alpha) for (let x = 0; x < size.width; x++) alpha[start + x] = pixels[4 * x + 3];
      }
    }
  }
  const size = { height, width };
  return {
    levels: { ...size, values },
    luma: luma && { ...size, values: luma },
    alpha,
    isColoured,
  };
}

function tileOf(
  canvas: OffscreenCanvas,
  bitmap: ImageBitmap,
  { left, top, height, width }: Size & { left: number; top: number },
): Uint8ClampedArray {
  const context = contextOf(canvas);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, -left, -top);
  return context.getImageData(0, 0, width, height).data;
}

function drawn(bitmap: ImageBitmap, { height, width }: Size): ImageData {
  const context = contextOf(new OffscreenCanvas(width, height));
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function judgeColour(bitmap: ImageBitmap): boolean {
  const scale = Math.min(1, JUDGED_PX / Math.max(bitmap.height, bitmap.width));
  const [height, width] = [bitmap.height, bitmap.width].map((side) =>
    Math.max(1, Math.round(side * scale)),
  );
  return hasRealColour(drawn(bitmap, { height, width }).data, { height, width });
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  if (!context) throw new Problem("tooLarge");
  return context;
}

function allocated(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new Problem("tooLarge", { cause: error });
  }
}

function isOpaque(rgba: Uint8ClampedArray): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}

/** Levels under a profile become sRGB's, in place. */
function recode({ values }: Levels, tone: Tone): void {
  const table = Uint8Array.from(tone, (linear) => Math.round(linearToSrgb(linear) * 255));
  for (let at = 0; at < values.length; at++) values[at] = table[values[at]];
}
