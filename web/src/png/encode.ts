/** A colour picture as a PNG of 8 bits a channel, with the source's metadata. */

import type { Size } from "../colour/plane.ts";
import { type Bytes, concatenated, fromUint32, latin1 } from "../photo/bytes.ts";
import { srgbProfile } from "../photo/icc-build.ts";
import { deflated } from "../photo/zlib.ts";
import { type Chunk, chunkBytes, SIGNATURE } from "./chunks.ts";

const [RGB, RGBA] = [2, 6];
const SUB = 1; // the filter: each byte less the one of the pixel before
// What of a PNG is about the photograph, not about how its pixels are stored.
const KEPT = ["tEXt", "zTXt", "iTXt", "eXIf", "pHYs", "tIME"];

/** `rgba` in rows from the top; `chunks` are the source's. */
export async function encodePng(
  { height, width }: Size,
  rgba: Uint8ClampedArray,
  options: { readonly chunks: readonly Chunk[]; readonly xmp: string; readonly hasAlpha: boolean },
): Promise<Bytes> {
  const kept = options.chunks.filter(
    (chunk) => KEPT.includes(chunk.kind) && !startsAsXmp(chunk.content),
  );
  const header = concatenated(
    ...[fromUint32(width), fromUint32(height)],
    Uint8Array.of(8, options.hasAlpha ? RGBA : RGB, 0, 0, 0),
  );
  const profile = concatenated(latin1("ICC profile\0\0"), await deflated(srgbProfile()));
  const xmp = concatenated(
    latin1(`${XMP_KEYWORD}\0\0\0\0\0`),
    new TextEncoder().encode(options.xmp),
  );
  const pixels = await deflated(filtered(rgba, height, width, options.hasAlpha ? 4 : 3));
  const chunks: Chunk[] = [
    { kind: "IHDR", content: header },
    { kind: "iCCP", content: profile },
    ...kept,
    { kind: "iTXt", content: xmp },
    { kind: "IDAT", content: pixels },
    { kind: "IEND", content: new Uint8Array() },
  ];
  return concatenated(SIGNATURE, ...chunks.map(chunkBytes));
}

const XMP_KEYWORD = "XML:com.adobe.xmp";

function startsAsXmp(content: Bytes): boolean {
  return latin1(`${XMP_KEYWORD}\0`).every((byte, index) => content[index] === byte);
}

function filtered(rgba: Uint8ClampedArray, height: number, width: number, channels: number): Bytes {
  const rows = new Uint8Array(height * (1 + channels * width));
  for (let row = 0, to = 0; row < height; row++) {
    rows[to++] = SUB;
    const start = 4 * row * width;
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++, to++) {
        const at = start + 4 * x + channel;
        rows[to] = rgba[at] - (x > 0 ? rgba[at - 4] : 0);
      }
    }
  }
  return rows;
}
