/**
 * The restore record: how a coloured JPEG leads back to the grey one, in numbered APP9 segments of
 * the coloured file itself. docs/restore-format.md describes it byte by byte.
 */

import { concatenated, latin1, startsWith, viewOf } from "../photo/bytes.ts";
import { sha256 } from "../photo/sha256.ts";
import { deflated } from "../photo/zlib.ts";
import { type Edit, inOrder } from "./edits.ts";
import {
  APP0,
  type Bytes,
  MAX_PAYLOAD_BYTES,
  type Segment,
  SOS,
  segmentBytes,
  walk,
} from "./segments.ts";

export const RECORD_MARKER = APP0 + 9;
export const SIGNATURE = latin1("Photochrom restore\0");
const VERSION = 1;
const PLACE_BYTES = 5; // version, this segment's number from 1 on, how many there are
const CHUNK_BYTES = MAX_PAYLOAD_BYTES - SIGNATURE.length - PLACE_BYTES;

/** The segments that lead from the edited file, these segments taken out, to `original`. */
export async function recordSegments(original: Bytes, edits: readonly Edit[]): Promise<Bytes> {
  const packed = await deflated(concatenated(await sha256(original), ...steps(original, edits)));
  const count = Math.ceil(packed.length / CHUNK_BYTES);
  const segments = Array.from({ length: count }, (_, index) => {
    const place = new Uint8Array(PLACE_BYTES);
    const view = viewOf(place);
    view.setUint8(0, VERSION);
    view.setUint16(1, index + 1);
    view.setUint16(3, count);
    const chunk = packed.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    return segmentBytes(RECORD_MARKER, concatenated(SIGNATURE, place, chunk));
  });
  return concatenated(...segments);
}

/** An older record's segments; none where the file has no record. */
export function findRecord(jpeg: Bytes): Segment[] {
  const found: Segment[] = [];
  for (const segment of walk(jpeg)) {
    if (segment.marker === SOS) break;
    const content = jpeg.subarray(segment.body, segment.end);
    if (segment.marker === RECORD_MARKER && startsWith(content, SIGNATURE)) found.push(segment);
  }
  return found;
}

function* steps(original: Bytes, edits: readonly Edit[]): Generator<Bytes> {
  let cursor = 0;
  for (const { start, end, replacement } of inOrder(edits)) {
    yield step(start - cursor, replacement.length, end - start);
    yield original.subarray(start, end);
    cursor = end;
  }
  yield step(original.length - cursor, 0, 0);
}

/** Bytes to copy, bytes to pass over, bytes to put in. */
function step(copied: number, passed: number, putIn: number): Bytes {
  const bytes = new Uint8Array(24);
  [copied, passed, putIn].forEach((value, index) => {
    viewOf(bytes).setBigUint64(8 * index, BigInt(value));
  });
  return bytes;
}
