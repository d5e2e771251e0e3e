/** The metadata chunks of a WebP file (RIFF; RFC 9649). */

import { type Bytes, latin1, startsWith, textOf, viewOf } from "./bytes.ts";

const EXIF_HEAD = latin1("Exif\0\0"); // some writers put it in front, as in a JPEG

export function webpFacts(file: Bytes): { icc: Bytes | null; exif: Bytes | null } {
  const found = new Map<string, Bytes>();
  const view = viewOf(file);
  for (let at = 12; at + 8 <= file.length; ) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > file.length) break;
    found.set(textOf(file, at, at + 4), file.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  const exif = found.get("EXIF") ?? null;
  return {
    icc: found.get("ICCP") ?? null,
    exif: exif && startsWith(exif, EXIF_HEAD) ? exif.subarray(EXIF_HEAD.length) : exif,
  };
}
