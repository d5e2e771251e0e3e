/** The chunks of a PNG: metadata out of them and into them (PNG, third edition, 2025). */

import type { Size } from "../colour/plane.ts";
import { type Bytes, concatenated, fromUint32, latin1, textOf, uint32 } from "../photo/bytes.ts";
import { crc32 } from "../photo/crc32.ts";
import { inflated } from "../photo/zlib.ts";

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export interface Chunk {
  readonly kind: string;
  readonly content: Bytes;
}

/** Every whole chunk, up to the first that is cut off. */
export function chunksOf(png: Bytes): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at + 12 <= png.length; ) {
    const length = uint32(png, at);
    const start = at + 8;
    if (start + length + 4 > png.length) break;
    chunks.push({ kind: textOf(png, at + 4, start), content: png.subarray(start, start + length) });
    at = start + length + 4;
  }
  return chunks;
}

/** What the first chunk says, which is IHDR. */
export function pngHeader(png: Bytes): { size: Size; bits: number } {
  const [width, height] = [uint32(png, 16), uint32(png, 20)];
  return { size: { height, width }, bits: png[24] };
}

export async function pngFacts(png: Bytes): Promise<{ icc: Bytes | null; exif: Bytes | null }> {
  const chunks = chunksOf(png);
  const profile = chunks.find((chunk) => chunk.kind === "iCCP")?.content;
  const exif = chunks.find((chunk) => chunk.kind === "eXIf")?.content ?? null;
  // After the profile's name stand a zero and the compression method.
  const packed = profile?.subarray(profile.indexOf(0) + 2);
  return { icc: packed ? await inflated(packed) : null, exif };
}

export function chunkBytes({ kind, content }: Chunk): Bytes {
  const body = concatenated(latin1(kind), content);
  return concatenated(fromUint32(content.length), body, fromUint32(crc32(body)));
}
