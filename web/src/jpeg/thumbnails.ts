/**
 * The small pictures inside a JPEG's metadata, replaced by a coloured one: EXIF's, Photoshop's
 * (image resources 1033 and 1036), and JFIF's own, which are older than both and only left out.
 */

import {
  type Bytes,
  concatenated,
  fromUint32,
  textOf,
  uint16,
  uint32,
  viewOf,
} from "../photo/bytes.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { hasExifThumbnail, withExifThumbnail } from "./exif-thumbnail.ts";
import {
  app,
  EXIF_HEAD_BYTES,
  exifSegments,
  JFIF,
  JFXX,
  PHOTOSHOP,
  segmentsReplaced,
} from "./metadata.ts";
import {
  APP0,
  type JpegFacts,
  MAX_PAYLOAD_BYTES,
  parseJpeg,
  payload,
  segmentBytes,
} from "./segments.ts";

const JFIF_SIZE_AT = 12; // after "JFIF", the version, the unit and the density
const THUMBNAIL_RESOURCES = [1033, 1036]; // of Photoshop 4 (blue first) and since 5
const RESOURCE_MARKS = ["8BIM", "MeSa", "PHUT", "AgHg", "DCSR"];
const RESOURCE_CHUNK_BYTES = MAX_PAYLOAD_BYTES - PHOTOSHOP.length;
const NOTHING = new Uint8Array();

export function hasThumbnails(facts: JpegFacts): boolean {
  const inExif = exifSegments(facts).some((segment) =>
    hasExifThumbnail(payload(facts, segment).subarray(EXIF_HEAD_BYTES)),
  );
  return inExif || thumbnailResources(photoshop(facts)).length > 0 || jfifEdits(facts).length > 0;
}

/** The JPEG `thumbnail` in every place that has one now; no place is added. */
export function thumbnailEdits(facts: JpegFacts, thumbnail: Bytes): Edit[] {
  return [...exifEdits(facts, thumbnail), ...photoshopEdits(facts, thumbnail), ...jfifEdits(facts)];
}

function exifEdits(facts: JpegFacts, thumbnail: Bytes): Edit[] {
  return exifSegments(facts).flatMap(({ start, body, end, marker }) => {
    const tiff = facts.jpeg.subarray(body + EXIF_HEAD_BYTES, end);
    const replaced = withExifThumbnail(tiff, thumbnail, MAX_PAYLOAD_BYTES - EXIF_HEAD_BYTES);
    if (replaced === tiff) return [];
    const head = facts.jpeg.subarray(body, body + EXIF_HEAD_BYTES);
    return [{ start, end, replacement: segmentBytes(marker, concatenated(head, replaced)) }];
  });
}

function jfifEdits(facts: JpegFacts): Edit[] {
  const removed = app(facts, 0, JFXX).map(({ start, end }) => ({
    start,
    end,
    replacement: NOTHING,
  }));
  const bared = app(facts, 0, JFIF).flatMap((segment) => {
    const body = payload(facts, segment);
    const isBare =
      body.length <= JFIF_SIZE_AT + 2 && body.subarray(JFIF_SIZE_AT).every((b) => b === 0);
    if (isBare) return [];
    const bare = concatenated(body.subarray(0, JFIF_SIZE_AT), new Uint8Array(2));
    return [{ start: segment.start, end: segment.end, replacement: segmentBytes(APP0, bare) }];
  });
  return [...removed, ...bared];
}

/** One of Photoshop's image resources: its number, and its byte range among them all. */
interface Resource {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The image resources, which may run on from one APP13 segment into the next. */
function photoshop(facts: JpegFacts): Bytes {
  const segments = app(facts, 13, PHOTOSHOP);
  return concatenated(...segments.map((s) => payload(facts, s).subarray(PHOTOSHOP.length)));
}

function thumbnailResources(resources: Bytes): Resource[] {
  const found: Resource[] = [];
  for (let at = 0; at + 8 <= resources.length; ) {
    if (!RESOURCE_MARKS.includes(textOf(resources, at, at + 4))) break;
    const sizeAt = at + 6 + even(1 + resources[at + 6]);
    if (sizeAt + 4 > resources.length) break;
    const size = uint32(resources, sizeAt);
    if (sizeAt + 4 + size > resources.length) break;
    const end = Math.min(sizeAt + 4 + even(size), resources.length);
    const number = uint16(resources, at + 4);
    if (THUMBNAIL_RESOURCES.includes(number)) found.push({ number, start: at, end });
    at = end;
  }
  return found;
}

function even(length: number): number {
  return length + (length % 2);
}

function photoshopEdits(facts: JpegFacts, thumbnail: Bytes): Edit[] {
  const resources = photoshop(facts);
  const old = thumbnailResources(resources);
  if (old.length === 0) return [];
  const edits = old.map(({ start, end }, index) => {
    return { start, end, replacement: index === 0 ? thumbnailResource(thumbnail) : NOTHING };
  });
  const edited = applyEdits(resources, edits);
  const count = Math.ceil(edited.length / RESOURCE_CHUNK_BYTES);
  const written = Array.from({ length: count }, (_, index) => {
    const start = index * RESOURCE_CHUNK_BYTES;
    const chunk = edited.subarray(start, start + RESOURCE_CHUNK_BYTES);
    return segmentBytes(APP0 + 13, concatenated(PHOTOSHOP, chunk));
  });
  return segmentsReplaced(facts, app(facts, 13, PHOTOSHOP), concatenated(...written));
}

/** Image resource 1036: a header of 28 bytes, then a JPEG of 24 bits a pixel. */
function thumbnailResource(thumbnail: Bytes): Bytes {
  const { height, width } = parseJpeg(thumbnail).frames[0];
  const rowBytes = Math.floor((width * 24 + 31) / 32) * 4;
  const head = new Uint8Array(28);
  const view = viewOf(head);
  [1, width, height, rowBytes, rowBytes * height, thumbnail.length].forEach((value, index) => {
    view.setUint32(4 * index, value);
  });
  view.setUint16(24, 24);
  view.setUint16(26, 1);
  const content = concatenated(head, thumbnail, new Uint8Array(thumbnail.length % 2));
  const size = fromUint32(head.length + thumbnail.length);
  return concatenated(Uint8Array.of(0x38, 0x42, 0x49, 0x4d, 0x04, 0x0c, 0, 0), size, content);
}
