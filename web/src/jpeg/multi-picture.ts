/** The index of a multi-picture file (CIPA DC-007), corrected for a first picture that has grown. */

import { viewOf } from "../photo/bytes.ts";
import { type Edit, moved } from "./edits.ts";
import { app, MPF } from "./metadata.ts";
import type { Bytes, JpegFacts, Segment } from "./segments.ts";

const ENTRIES_TAG = 0xb002;
const [ENTRY_BYTES, FIELD_BYTES] = [16, 12];

/** Sizes and offsets in every index as they are after the `others`, in the same bytes. */
export function multiPictureEdits(facts: JpegFacts, others: readonly Edit[]): Edit[] {
  return app(facts, 2, MPF).flatMap((segment) => indexEdits(facts, segment, others));
}

function indexEdits(facts: JpegFacts, segment: Segment, others: readonly Edit[]): Edit[] {
  const header = segment.body + MPF.length;
  const index = facts.jpeg.subarray(header, segment.end);
  if (index.length < 8) return [];
  const view = viewOf(index);
  const mark = view.getUint32(0);
  if (mark !== 0x49492a00 && mark !== 0x4d4d002a) return [];
  const little = mark === 0x49492a00;
  const word = (value: number): Bytes => {
    const bytes = new Uint8Array(4);
    viewOf(bytes).setUint32(0, value, little);
    return bytes;
  };
  const edits: Edit[] = [];
  for (const entry of entries(view, little)) {
    const [size, offset] = [view.getUint32(entry + 4, little), view.getUint32(entry + 8, little)];
    // One that leads out of the file cannot be corrected.
    if (header + offset > facts.jpeg.length || size > facts.jpeg.length) continue;
    const [start, value] = offset
      ? [header + entry + 8, moved(header + offset, others) - moved(header, others)]
      : [header + entry + 4, moved(size, others)];
    edits.push({ start, end: start + 4, replacement: word(value) });
  }
  return edits;
}

/** Where the entries lie within the index; none in one that is damaged. */
function entries(view: DataView, little: boolean): number[] {
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return [];
  const fields = view.getUint16(directory, little);
  const found: number[] = [];
  for (let field = 0; field < fields; field++) {
    const at = directory + 2 + field * FIELD_BYTES;
    if (at + FIELD_BYTES > view.byteLength) break;
    const [length, offset] = [view.getUint32(at + 4, little), view.getUint32(at + 8, little)];
    if (view.getUint16(at, little) !== ENTRIES_TAG || offset + length > view.byteLength) continue;
    for (let entry = offset; entry + ENTRY_BYTES <= offset + length; entry += ENTRY_BYTES) {
      found.push(entry);
    }
  }
  return found;
}
