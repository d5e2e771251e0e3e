/**
 * A grey JPEG made into a colour one without touching its luma: the frame header gets three
 * components, the grey scans stay where they are, and Cb and Cr follow as further scans before the
 * EOI marker (ITU-T T.81, A.2.2 and B.2.3). The same edits as photochrom/media/jpeg_splice.py.
 */

import type { Chroma } from "../colour/chroma.ts";
import { concatenated } from "../photo/bytes.ts";
import { Problem } from "../texts/problem.ts";
import { componentScans } from "./chroma-scans.ts";
import { applyEdits, type Edit } from "./edits.ts";
import {
  adobeSegment,
  adobeSegments,
  adobeTransformAt,
  app,
  JFIF,
  JFIF_BYTES,
  metadataEdits,
  metadataEnd,
} from "./metadata.ts";
import { multiPictureEdits } from "./multi-picture.ts";
import { findRecord, recordSegments } from "./record.ts";
import {
  type Bytes,
  DHP,
  DNL,
  DQT,
  DRI,
  isArithmetic,
  isProgressive,
  type JpegFacts,
  parseJpeg,
  payload,
  restartInterval,
  segmentBytes,
  withMarker,
} from "./segments.ts";
import { atQuality, inZigzag, STANDARD_CHROMA, tablesIn } from "./tables.ts";
import { thumbnailEdits } from "./thumbnails.ts";

const YCBCR = 1; // Adobe's colour transform
const RGB_IDS = ["R", "G", "B"].map((letter) => letter.charCodeAt(0)); // they mean: no YCbCr
const [WHOLE, HALF] = [0x22, 0x11]; // sampling factors: luma 2×2, chroma 1×1
const CHROMA_QUALITY = 90;

export interface SpliceNotes {
  readonly xmp: string;
  readonly icc: Uint8Array;
  /** A coloured one, where the file has a thumbnail. */
  readonly thumbnail: Bytes | null;
}

/**
 * The grey JPEG in colour, the original's bytes in it. `chroma` is at half size, rounded up, in the
 * file's stored orientation. Throws `Problem` for a file whose luma cannot stay as it is.
 */
export async function splice(jpeg: Bytes, chroma: Chroma, notes: SpliceNotes): Promise<Bytes> {
  const facts = parseJpeg(jpeg);
  if (!isSpliceable(facts)) throw new Problem("notArchivable");
  const edits = [
    ...colourEdits(facts, chroma),
    ...metadataEdits(facts, notes.xmp, notes.icc),
    ...(notes.thumbnail ? thumbnailEdits(facts, notes.thumbnail) : []),
    ...findRecord(jpeg).map(({ start, end }) => ({ start, end, replacement: new Uint8Array() })),
  ];
  const unmoved = multiPictureEdits(facts, []);
  const end = metadataEnd(facts);
  const replacement = await recordSegments(jpeg, [...edits, ...unmoved]);
  edits.push({ start: end, end, replacement });
  return applyEdits(jpeg, [...edits, ...multiPictureEdits(facts, [...edits, ...unmoved])]);
}

/** Whether a JPEG's luma can stay as it is. */
export function isSpliceable(facts: JpegFacts): boolean {
  const [frame] = facts.frames;
  const [luma] = frame.components;
  const isGrey = frame.components.length === 1 && facts.frames.length === 1;
  const isOrdinary = [0, 1, 2].includes(frame.segment.marker - 0xc0) && !isArithmetic(frame);
  const namesItself = facts.scans.every(
    ({ components }) => components.length === 1 && components[0] === luma.identifier,
  );
  const hasOneScan = isProgressive(frame) || facts.scans.length === 1;
  const saysNoHeightAgain =
    withMarker(facts, DNL).length === 0 && withMarker(facts, DHP).length === 0;
  const isWhole =
    facts.endOfImage !== null || facts.scans[facts.scans.length - 1].end === facts.jpeg.length;
  return isGrey && isOrdinary && namesItself && hasOneScan && saysNoHeightAgain && isWhole;
}

/** The two ids after luma's own, never one of R, G and B. */
function chromaIds(facts: JpegFacts): [number, number] {
  const luma = facts.frames[0].components[0].identifier;
  const [cb, cr] = Array.from({ length: 5 }, (_, step) => (luma + step + 1) % 256).filter(
    (identifier) => !RGB_IDS.includes(identifier),
  );
  return [cb, cr];
}

/** Three components in the frame, YCbCr said, and the chroma before the end of the image. */
function colourEdits(facts: JpegFacts, { cb, cr }: Chroma): Edit[] {
  const table = atQuality(STANDARD_CHROMA, CHROMA_QUALITY);
  const { slot, isFree } = chromaSlot(facts);
  const tableSegment = segmentBytes(DQT, concatenated(Uint8Array.of(slot), inZigzag(table)));
  const [frame] = facts.frames;
  const scans = [cb, cr].map((plane, index) =>
    componentScans(plane, chromaIds(facts)[index], table, isProgressive(frame)),
  );
  const { at, closing } = endOfScans(facts);
  const head = isFree ? [tableSegment] : [];
  const before = [
    ...(restartInterval(facts) ? [segmentBytes(DRI, new Uint8Array(2))] : []),
    ...(isFree ? [] : [tableSegment]),
  ];
  const { start, end } = frame.segment;
  return [
    { start, end, replacement: concatenated(...head, colourFrame(facts, slot)) },
    ...ycbcrEdits(facts),
    { start: at, end: at, replacement: concatenated(...before, ...scans, closing) },
  ];
}

function colourFrame(facts: JpegFacts, slot: number): Bytes {
  const [{ segment, components }] = facts.frames;
  const size = payload(facts, segment).subarray(0, 5);
  const [luma] = components;
  const chroma = chromaIds(facts).flatMap((identifier) => [identifier, HALF, slot]);
  const listed = Uint8Array.of(3, luma.identifier, WHOLE, luma.table, ...chroma);
  return segmentBytes(segment.marker, concatenated(size, listed));
}

/** A quantization slot for chroma, and whether the original never uses it. */
function chromaSlot(facts: JpegFacts): { slot: number; isFree: boolean } {
  const luma = facts.frames[0].components[0].table;
  const used = withMarker(facts, DQT).flatMap((segment) =>
    tablesIn(payload(facts, segment)).map(([slot]) => slot),
  );
  const free = [1, 0, 2, 3].find((slot) => slot !== luma && !used.includes(slot));
  if (free !== undefined) return { slot: free, isFree: true };
  return { slot: luma !== 1 ? 1 : 0, isFree: false };
}

/** Every Adobe segment says YCbCr; where neither it nor JFIF does, one is put in. */
function ycbcrEdits(facts: JpegFacts): Edit[] {
  const adobe = adobeSegments(facts).map(adobeTransformAt);
  const saysJfif = app(facts, 0, JFIF).some((segment) => segment.end - segment.body >= JFIF_BYTES);
  if (adobe.length === 0 && !saysJfif) {
    const end = metadataEnd(facts);
    return [{ start: end, end, replacement: adobeSegment(YCBCR) }];
  }
  return adobe
    .filter((at) => facts.jpeg[at] !== YCBCR)
    .map((at) => ({ start: at, end: at + 1, replacement: Uint8Array.of(YCBCR) }));
}

/** Where the chroma scans go, and what must follow them: EOI where the original lacks it. */
function endOfScans(facts: JpegFacts): { at: number; closing: Bytes } {
  if (facts.endOfImage === null)
    return { at: facts.jpeg.length, closing: Uint8Array.of(0xff, 0xd9) };
  return { at: facts.segments[facts.segments.length - 1].start, closing: new Uint8Array() };
}
