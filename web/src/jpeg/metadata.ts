/** The metadata in a JPEG's APPn and COM segments: what is there, and segments to put there. */

import { concatenated, latin1, startsWith } from "../photo/bytes.ts";
import { Problem } from "../texts/problem.ts";
import type { Edit } from "./edits.ts";
import {
  APP0,
  type Bytes,
  COM,
  type JpegFacts,
  MAX_PAYLOAD_BYTES,
  payload,
  type Segment,
  segmentBytes,
  withMarker,
} from "./segments.ts";

export const JFIF = latin1("JFIF\0");
export const JFXX = latin1("JFXX\0");
export const EXIF = latin1("Exif\0"); // one more byte follows, usually 0
export const XMP = latin1("http://ns.adobe.com/xap/1.0/\0");
export const ICC = latin1("ICC_PROFILE\0");
export const PHOTOSHOP = latin1("Photoshop 3.0\0");
export const ADOBE = latin1("Adobe");
export const MPF = latin1("MPF\0");

export const JFIF_BYTES = 14; // decoders take no shorter one for JFIF
export const EXIF_HEAD_BYTES = EXIF.length + 1;
const MAX_XMP_BYTES = 65_502; // XMP part 3, §1.1.3
const ADOBE_TRANSFORM_AT = 11; // after "Adobe", the version and two flag words
const ICC_CHUNK_BYTES = MAX_PAYLOAD_BYTES - ICC.length - 2;

export function app(facts: JpegFacts, number: number, prefix: Bytes): Segment[] {
  return withMarker(facts, APP0 + number, prefix);
}

export function exifSegments(facts: JpegFacts): Segment[] {
  return app(facts, 1, EXIF).filter((segment) => segment.end - segment.body > EXIF_HEAD_BYTES);
}

/** The EXIF block, from its TIFF header on. */
export function exifOf(facts: JpegFacts): Bytes | null {
  const [first] = exifSegments(facts);
  return first ? payload(facts, first).subarray(EXIF_HEAD_BYTES) : null;
}

export function xmpOf(facts: JpegFacts): Bytes | null {
  const [first] = app(facts, 1, XMP);
  return first ? payload(facts, first).subarray(XMP.length) : null;
}

/** The profile out of its numbered chunks; null where there is none or one is missing. */
export function iccOf(facts: JpegFacts): Bytes | null {
  const chunks = app(facts, 2, ICC)
    .map((segment) => payload(facts, segment).subarray(ICC.length))
    .filter((chunk) => chunk.length > 2)
    .sort((one, other) => one[0] - other[0]);
  if (chunks.length === 0 || chunks.some((chunk, index) => chunk[0] !== index + 1)) return null;
  return concatenated(...chunks.map((chunk) => chunk.subarray(2)));
}

/** The APP14 segments that decoders take for Adobe's. */
export function adobeSegments(facts: JpegFacts): Segment[] {
  return app(facts, 14, ADOBE).filter((segment) => segment.end - segment.body > ADOBE_TRANSFORM_AT);
}

export function adobeTransformAt(segment: Segment): number {
  return segment.body + ADOBE_TRANSFORM_AT;
}

/** An APP14 segment, version 100, no flags. */
export function adobeSegment(transform: number): Bytes {
  return segmentBytes(APP0 + 14, concatenated(ADOBE, Uint8Array.of(0, 100, 0, 0, 0, 0, transform)));
}

/** The APP1 segment of an XMP packet; padding is left out where it would not fit. */
export function xmpSegment(packet: string): Bytes {
  let encoded = new TextEncoder().encode(packet);
  if (encoded.length > MAX_XMP_BYTES) {
    encoded = new TextEncoder().encode(packet.replace(/\s+(<\?xpacket end)/, "$1").trimEnd());
  }
  if (encoded.length > MAX_XMP_BYTES) throw new Problem("metadataTooLong");
  return segmentBytes(APP0 + 1, concatenated(XMP, encoded));
}

/** The APP2 segments of a profile. */
export function iccSegments(profile: Uint8Array): Bytes {
  const count = Math.ceil(profile.length / ICC_CHUNK_BYTES);
  const segments = Array.from({ length: count }, (_, index) => {
    const chunk = profile.subarray(index * ICC_CHUNK_BYTES, (index + 1) * ICC_CHUNK_BYTES);
    return segmentBytes(APP0 + 2, concatenated(ICC, Uint8Array.of(index + 1, count), chunk));
  });
  return concatenated(...segments);
}

/** The APP1 segment of an EXIF block that starts at its TIFF header. */
export function exifSegment(tiff: Uint8Array): Bytes {
  return segmentBytes(APP0 + 1, concatenated(EXIF, Uint8Array.of(0), tiff));
}

/** The new XMP and the new profile in the place of the old ones, each exactly once. */
export function metadataEdits(facts: JpegFacts, xmp: string, icc: Uint8Array): Edit[] {
  return [
    ...segmentsReplaced(facts, app(facts, 1, XMP), xmpSegment(xmp)),
    ...segmentsReplaced(facts, app(facts, 2, ICC), iccSegments(icc)),
  ];
}

/** The new segments in the place of the first old one; at the metadata's end without any. */
export function segmentsReplaced(
  facts: JpegFacts,
  segments: readonly Segment[],
  replacement: Bytes,
): Edit[] {
  const [first, ...others] = segments;
  if (!first) {
    const end = metadataEnd(facts);
    return [{ start: end, end, replacement }];
  }
  return [
    { start: first.start, end: first.end, replacement },
    ...others.map(({ start, end }) => ({ start, end, replacement: new Uint8Array() })),
  ];
}

export function isMetadata(segment: Segment): boolean {
  return segment.marker === COM || (segment.marker >= APP0 && segment.marker < APP0 + 16);
}

/** The end of the APPn and COM segments that open the file. */
export function metadataEnd(facts: JpegFacts): number {
  const first = facts.segments.findIndex((segment) => !isMetadata(segment));
  return first > 0 ? facts.segments[first - 1].end : 2;
}

/** Whether a segment's payload starts with `prefix`. */
export function holds(facts: JpegFacts, segment: Segment, prefix: Bytes): boolean {
  return startsWith(payload(facts, segment), prefix);
}
