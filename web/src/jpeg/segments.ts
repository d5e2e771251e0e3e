/**
 * The marker segments of a JPEG file, by byte ranges, and what they say (ITU-T T.81, annex B). A
 * length in the file is never trusted. The same reading as photochrom/media/jpeg_segments.py.
 */

import { concatenated, startsWith, uint16 } from "../photo/bytes.ts";
import { Problem } from "../texts/problem.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export const [SOI, EOI, SOS] = [0xd8, 0xd9, 0xda];
export const [DQT, DNL, DRI, DHP] = [0xdb, 0xdc, 0xdd, 0xde];
export const [DHT, DAC, COM, APP0] = [0xc4, 0xcc, 0xfe, 0xe0];
export const MAX_PAYLOAD_BYTES = 0xffff - 2; // a length counts its own two bytes

/** One marker segment: bytes `start`…`end`, fill bytes included; its payload from `body` on. */
export interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

export interface Component {
  readonly identifier: number;
  readonly across: number;
  readonly down: number;
  readonly table: number;
}

export interface Frame {
  readonly segment: Segment;
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  readonly components: readonly Component[];
}

export interface Scan {
  readonly segment: Segment;
  readonly components: readonly number[];
  readonly end: number;
}

/** `endOfImage` is where the EOI marker stands, null for a file that stops before it. */
export interface JpegFacts {
  readonly jpeg: Bytes;
  readonly segments: readonly Segment[];
  readonly frames: readonly Frame[];
  readonly scans: readonly Scan[];
  readonly endOfImage: number | null;
}

/** Throws `Problem` when the markers make no sense. */
export function parseJpeg(jpeg: Bytes): JpegFacts {
  const segments: Segment[] = [];
  const frames: Frame[] = [];
  const scans: Scan[] = [];
  let endOfImage: number | null = null;
  for (const segment of walk(jpeg)) {
    if (segment.marker === EOI) endOfImage = segment.body - 2;
    else if (isFrame(segment.marker)) frames.push(readFrame(jpeg, segment));
    else if (segment.marker === SOS) {
      if (frames.length === 0) throw damaged("a scan stands before the frame header");
      scans.push(readScan(jpeg, segment));
    }
    segments.push(segment);
  }
  if (scans.length === 0) throw damaged("the file ends before its first scan");
  return { jpeg, segments, frames, scans, endOfImage };
}

/** The segments in the file's order; after the first scan a cut-off segment ends the walk. */
export function* walk(jpeg: Bytes): Generator<Segment> {
  if (jpeg[0] !== 0xff || jpeg[1] !== SOI) throw damaged("it does not start as a JPEG");
  let position = 2;
  let scanned = false;
  for (;;) {
    const found = nextMarker(jpeg, position, scanned);
    if (found < 0) return;
    const marker = jpeg[found + 1];
    const body = found + 2;
    let start = found;
    while (start > position && jpeg[start - 1] === 0xff) start--;
    if (isStandalone(marker)) {
      yield { marker, start, body, end: body };
      if (marker === EOI) return;
      position = body;
      continue;
    }
    if (marker < 0xc0 || marker === SOI) throw damaged(`marker ${marker.toString(16)} at ${start}`);
    position = body + uint16(jpeg, body);
    if (position > jpeg.length && scanned) return;
    if (position < body + 2 || position > jpeg.length) throw damaged(`a segment at ${start}`);
    yield { marker, start, body: body + 2, end: position };
    scanned ||= marker === SOS;
  }
}

export function payload(facts: JpegFacts, segment: Segment): Bytes {
  return facts.jpeg.subarray(segment.body, segment.end);
}

/** The segments of one kind whose payload starts with `prefix`, in the file's order. */
export function withMarker(facts: JpegFacts, marker: number, prefix?: Bytes): Segment[] {
  return facts.segments.filter(
    (segment) =>
      segment.marker === marker && (!prefix || startsWith(payload(facts, segment), prefix)),
  );
}

export function segmentBytes(marker: number, content: Uint8Array): Bytes {
  if (content.length > MAX_PAYLOAD_BYTES) throw new RangeError("a segment holds 65,533 bytes");
  const length = content.length + 2;
  return concatenated(Uint8Array.of(0xff, marker, length >> 8, length & 255), content);
}

/** SOF1 extended, 2 progressive, 3 lossless, …: the n of its SOFn marker. */
export function kindOf(frame: Frame): number {
  return frame.segment.marker - 0xc0;
}

export function isProgressive(frame: Frame): boolean {
  return [2, 6, 10, 14].includes(kindOf(frame));
}

export function isArithmetic(frame: Frame): boolean {
  return kindOf(frame) >= 9 && kindOf(frame) <= 15;
}

/** The restart interval in force at the end of the last scan; 0 is none. */
export function restartInterval(facts: JpegFacts): number {
  const last = withMarker(facts, DRI).at(-1);
  return last ? uint16(facts.jpeg, last.body) : 0;
}

function isFrame(marker: number): boolean {
  const coded = marker >= 0xc0 && marker < 0xd0 && ![DHT, DAC, 0xc8].includes(marker);
  return coded || marker === 0xf7;
}

function isStandalone(marker: number): boolean {
  return marker === 0x01 || marker === EOI || (marker >= 0xd0 && marker < 0xd8);
}

/** Within a scan there are stuffed bytes and restart markers, which are passed over. */
function nextMarker(jpeg: Bytes, from: number, scanned: boolean): number {
  for (let at = jpeg.indexOf(0xff, from); at >= 0; at = jpeg.indexOf(0xff, at + 1)) {
    const next = jpeg[at + 1];
    if (next === undefined) return -1;
    if (next === 0xff || next === 0) continue;
    if (!scanned || (next >= 0x80 && !(next >= 0xd0 && next < 0xd8))) return at;
  }
  return -1;
}

function readFrame(jpeg: Bytes, segment: Segment): Frame {
  const body = jpeg.subarray(segment.body, segment.end);
  const count = body[5];
  if (body.length < 6 || !count || body.length < 6 + 3 * count) {
    throw damaged("the frame header is too short");
  }
  const [height, width] = [uint16(body, 1), uint16(body, 3)];
  if (width === 0) throw damaged("the frame is 0 pixels wide");
  const components = Array.from({ length: count }, (_, index) => {
    const [identifier, sampling, table] = body.subarray(6 + 3 * index, 9 + 3 * index);
    return { identifier, across: sampling >> 4, down: sampling & 15, table };
  });
  return { segment, precision: body[0], height, width, components };
}

function readScan(jpeg: Bytes, segment: Segment): Scan {
  const body = jpeg.subarray(segment.body, segment.end);
  if (body.length === 0 || body.length < 4 + 2 * body[0]) {
    throw damaged("the scan header is too short");
  }
  const after = nextMarker(jpeg, segment.end, true);
  const components = Array.from({ length: body[0] }, (_, index) => body[1 + 2 * index]);
  return { segment, components, end: after < 0 ? jpeg.length : after };
}

function damaged(detail: string): Problem {
  return new Problem("damaged", { detail });
}
