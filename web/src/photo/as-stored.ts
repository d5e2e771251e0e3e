/**
 * A file whose pixels any browser decodes as they are stored. Asking for that with
 * `imageOrientation: "none"` is not enough: by now the standard gives it the meaning of "from-image".
 */

import { chunkBytes, chunksOf, SIGNATURE } from "../png/chunks.ts";
import { type Bytes, concatenated } from "./bytes.ts";
import type { Container } from "./container.ts";
import { uprightExif } from "./exif.ts";

/** The same file where it says no orientation; else a copy that says none. */
export function asStored(file: Bytes, { kind, orientation, exif }: Container): Bytes {
  if (orientation === 1 || !exif) return file;
  if (kind === "png") {
    const kept = chunksOf(file).filter((chunk) => chunk.kind !== "eXIf");
    return concatenated(SIGNATURE, ...kept.map(chunkBytes));
  }
  const copy = Uint8Array.from(file);
  copy.set(uprightExif(exif, 0, 0), exif.byteOffset - file.byteOffset);
  return copy;
}
