/** An edit list over a file's bytes: what is put in, what is replaced, where the rest moves to. */

import { type Bytes, concatenated } from "../photo/bytes.ts";

/** `replacement` in the place of bytes `start`…`end`; an insertion where both are equal. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: Bytes;
}

/** The original with the edits made. Edits at one position keep their order. */
export function applyEdits(original: Bytes, edits: readonly Edit[]): Bytes {
  const pieces: Uint8Array[] = [];
  let cursor = 0;
  for (const { start, end, replacement } of inOrder(edits)) {
    pieces.push(original.subarray(cursor, start), replacement);
    cursor = end;
  }
  return concatenated(...pieces, original.subarray(cursor));
}

/** The edits by position. Throws `RangeError` when two of them touch the same bytes. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  const ordered = [...edits].sort((one, other) => one.start - other.start || one.end - other.end);
  ordered.forEach((edit, index) => {
    const following = ordered[index + 1];
    if (following && following.start < edit.end) {
      throw new RangeError(`edits overlap at byte ${following.start}`);
    }
  });
  return ordered;
}

/** Where the byte at `position` of the original comes to lie. */
export function moved(position: number, edits: readonly Edit[]): number {
  return edits
    .filter((edit) => edit.end <= position)
    .reduce((place, edit) => place + edit.replacement.length - (edit.end - edit.start), position);
}
