/** A colour JPEG of the ordinary kind, with the source's tables and metadata where it has them. */

import type { Size } from "../colour/plane.ts";
import { type Bytes, concatenated } from "../photo/bytes.ts";
import { uprightExif } from "../photo/exif.ts";
import { srgbProfile } from "../photo/icc-build.ts";
import { Problem } from "../texts/problem.ts";
import { applyEdits } from "./edits.ts";
import { encodeJpeg, MAX_SIDE_PX, type RowSource, type Tables } from "./encode.ts";
import {
  ADOBE,
  exifOf,
  exifSegment,
  exifSegments,
  holds,
  iccSegments,
  isMetadata,
  MPF,
  metadataEdits,
  segmentsReplaced,
  xmpSegment,
} from "./metadata.ts";
import { RECORD_MARKER, SIGNATURE } from "./record.ts";
import { APP0, type JpegFacts, parseJpeg, type Segment, segmentBytes } from "./segments.ts";
import {
  atQuality,
  qualityOf,
  quantizationTables,
  STANDARD_CHROMA,
  STANDARD_LUMA,
} from "./tables.ts";
import { thumbnailEdits } from "./thumbnails.ts";

const DEFAULT_QUALITY = 90;
const JFIF_HEAD = segmentBytes(
  APP0,
  Uint8Array.of(0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
);
// JFIF says the colour space now; further pictures are not written; the original is not in it.
const LEFT_OUT: readonly [marker: number, prefix: Bytes][] = [
  [APP0 + 14, ADOBE],
  [APP0 + 2, MPF],
  [RECORD_MARKER, SIGNATURE],
];

export interface OrdinaryNotes {
  readonly xmp: string;
  /** A coloured one, for files that have one; null leaves a grey one there. */
  readonly thumbnail: Bytes | null;
  readonly isTurned: boolean;
}

/** The picture, upright, in place of the one in `source`. */
export async function ordinaryFromJpeg(
  size: Size,
  rows: RowSource,
  source: Bytes,
  notes: OrdinaryNotes,
): Promise<Bytes> {
  checkSides(size);
  const facts = parseJpeg(source);
  return encodeJpeg(size, rows, tablesLike(facts), metadataLike(facts, size, notes));
}

/** The picture as a JPEG of the usual quality; `exif` starts at its TIFF header. */
export async function ordinaryFromOther(
  size: Size,
  rows: RowSource,
  xmp: string,
  exif: Bytes | null,
): Promise<Bytes> {
  checkSides(size);
  const tables = {
    luma: atQuality(STANDARD_LUMA, DEFAULT_QUALITY),
    chroma: atQuality(STANDARD_CHROMA, DEFAULT_QUALITY),
  };
  const notes = exif && exif.length < 65_000 ? exifSegment(exif) : new Uint8Array();
  const profile = iccSegments(srgbProfile());
  return encodeJpeg(size, rows, tables, concatenated(JFIF_HEAD, notes, xmpSegment(xmp), profile));
}

/** A small JPEG without any metadata, for the place that cameras keep one in. */
export async function thumbnailJpeg(size: Size, rows: RowSource): Promise<Bytes> {
  const tables = { luma: atQuality(STANDARD_LUMA, 80), chroma: atQuality(STANDARD_CHROMA, 80) };
  return encodeJpeg(size, rows, tables, JFIF_HEAD);
}

/** The source's own tables; steps above 255 are 255, which is all that baseline holds. */
function tablesLike(facts: JpegFacts): Tables {
  const found = quantizationTables(facts);
  const [first, second] = facts.frames[0].components;
  const held = (table: readonly number[]): number[] => table.map((step) => Math.min(step, 255));
  const luma = held(found.get(first.table) ?? atQuality(STANDARD_LUMA, DEFAULT_QUALITY));
  const chroma = second && found.get(second.table);
  return { luma, chroma: held(chroma ?? atQuality(STANDARD_CHROMA, qualityOf(luma))) };
}

/** The source's APPn and COM segments with the new blocks in them. */
function metadataLike(facts: JpegFacts, size: Size, notes: OrdinaryNotes): Bytes {
  let edited = parseJpeg(applyEdits(facts.jpeg, metadataEdits(facts, notes.xmp, srgbProfile())));
  const exif = exifOf(edited);
  if (exif && notes.isTurned) {
    const turned = exifSegment(uprightExif(exif, size.width, size.height));
    const edits = segmentsReplaced(edited, exifSegments(edited), turned);
    edited = parseJpeg(applyEdits(edited.jpeg, edits));
  }
  if (notes.thumbnail) {
    const edits = thumbnailEdits(edited, notes.thumbnail);
    edited = parseJpeg(applyEdits(edited.jpeg, edits));
  }
  const kept = edited.segments.filter(
    (segment) => isMetadata(segment) && !isLeftOut(edited, segment),
  );
  return concatenated(...kept.map(({ start, end }) => edited.jpeg.subarray(start, end)));
}

function isLeftOut(facts: JpegFacts, segment: Segment): boolean {
  return LEFT_OUT.some(
    ([marker, prefix]) => segment.marker === marker && holds(facts, segment, prefix),
  );
}

function checkSides(size: Size): void {
  if (Math.max(size.height, size.width) > MAX_SIDE_PX) throw new Problem("tooLarge");
}
