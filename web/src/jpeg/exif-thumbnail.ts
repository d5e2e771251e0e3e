/**
 * The thumbnail in an EXIF block (IFD1, Exif 3.0 §4.5), replaced without moving anything else in it,
 * since makers' notes hold offsets that only their makers know.
 */

import { type Bytes, concatenated, viewOf } from "../photo/bytes.ts";

const [OFFSET_TAG, LENGTH_TAG] = [0x0201, 0x0202]; // JPEGInterchangeFormat and its length
const ENTRY_BYTES = 12;

/** Where a block keeps its thumbnail and says so; `fields` is null for an uncompressed one. */
interface Place {
  readonly little: boolean;
  readonly link: number; // IFD0's pointer to IFD1
  readonly fields: { readonly offset: number; readonly length: number } | null;
  readonly start: number;
  readonly end: number;
}

export function hasExifThumbnail(tiff: Uint8Array): boolean {
  const place = find(tiff);
  return place !== null && place.end > place.start;
}

/**
 * The block with another JPEG as its thumbnail; unchanged where it has none. One for which `room`
 * bytes are too few, and an uncompressed one, is unlinked: none is better than a grey one.
 */
export function withExifThumbnail(tiff: Bytes, thumbnail: Bytes, room: number): Bytes {
  const place = find(tiff);
  if (!place) return tiff;
  if (!place.fields) return unlinked(tiff, place);
  const { start, end, little, fields } = place;
  const fits = thumbnail.length <= end - start || end === tiff.length;
  const padding = new Uint8Array(Math.max(end - start - thumbnail.length, 0));
  const cleared = concatenated(
    tiff.subarray(0, start),
    new Uint8Array(end - start),
    tiff.subarray(end),
  );
  const odd = new Uint8Array(cleared.length % 2);
  const block = fits
    ? concatenated(tiff.subarray(0, start), thumbnail, padding, tiff.subarray(end))
    : concatenated(cleared, odd, thumbnail);
  if (block.length > room) return unlinked(tiff, place);
  const view = viewOf(block);
  view.setUint32(fields.offset, fits ? start : cleared.length + odd.length, little);
  view.setUint32(fields.length, thumbnail.length, little);
  return block;
}

/** IFD0 is the last directory, and a JPEG thumbnail's bytes are zero. */
function unlinked(tiff: Bytes, place: Place): Bytes {
  const block = Uint8Array.from(tiff);
  block.fill(0, place.start, place.end);
  block.fill(0, place.link, place.link + 4);
  return block;
}

function find(tiff: Uint8Array): Place | null {
  try {
    return placeIn(viewOf(tiff));
  } catch (error) {
    if (error instanceof RangeError) return null; // a directory that leads out of the block
    throw error;
  }
}

function placeIn(view: DataView): Place | null {
  const mark = view.getUint32(0);
  if (mark !== 0x49492a00 && mark !== 0x4d4d002a) return null;
  const little = mark === 0x49492a00;
  const first = view.getUint32(4, little);
  const link = first + 2 + ENTRY_BYTES * view.getUint16(first, little);
  const second = view.getUint32(link, little);
  if (second === 0) return null;
  const fields = new Map<number, number>();
  for (let number = 0; number < view.getUint16(second, little); number++) {
    const entry = second + 2 + ENTRY_BYTES * number;
    fields.set(view.getUint16(entry, little), entry + 8);
  }
  const [offset, length] = [fields.get(OFFSET_TAG), fields.get(LENGTH_TAG)];
  if (offset === undefined || length === undefined) {
    return { little, link, fields: null, start: 0, end: 0 };
  }
  const start = view.getUint32(offset, little);
  const end = start + view.getUint32(length, little);
  if (start <= second || end > view.byteLength) return null;
  return { little, link, fields: { offset, length }, start, end };
}
