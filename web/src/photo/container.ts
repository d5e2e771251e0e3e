/** What a file's first bytes say: its kind, its orientation, its profile, whether it is grey. */

import type { Size } from "../colour/plane.ts";
import { exifOf, iccOf } from "../jpeg/metadata.ts";
import { type JpegFacts, parseJpeg } from "../jpeg/segments.ts";
import { pngFacts, pngHeader } from "../png/chunks.ts";
import { Problem } from "../texts/problem.ts";
import { type Bytes, textOf, uint32 } from "./bytes.ts";
import { exifOrientation } from "./exif.ts";
import { webpFacts } from "./webp.ts";

const HEIF_HEAD = 4096; // bytes in which the properties lie
const AFTER_CHANNELS = 9; // bytes from a pixi's name on: name, version and flags, channels

export type Kind = "jpeg" | "png" | "webp" | "other";

export interface Container {
  readonly kind: Kind;
  /** EXIF's, 1…8; 1 for kinds that a browser turns itself. */
  readonly orientation: number;
  readonly icc: Bytes | null;
  readonly exif: Bytes | null;
  /** As the file says; null for kinds of which only the browser knows it. */
  readonly size: Size | null;
  /** Of each channel. */
  readonly bits: number;
  /** One component, so that the file's luma can be copied. */
  readonly isGreyJpeg: boolean;
}

/** Throws `Problem` for a JPEG whose markers make no sense, and for what no browser reads. */
export async function readContainer(file: Bytes): Promise<Container> {
  if (file.length === 0) throw new Problem("empty");
  switch (kindOf(file)) {
    case "jpeg":
      return jpegContainer(parseJpeg(file));
    case "png":
      return { ...container("png", await pngFacts(file)), ...pngHeader(file) };
    case "webp":
      return container("webp", webpFacts(file));
    default:
      return { ...container("other", { icc: null, exif: null }), bits: bitsOfHeif(file) };
  }
}

export function kindOf(file: Uint8Array): Kind {
  if (file[0] === 0xff && file[1] === 0xd8) return "jpeg";
  if (uint32(file, 0) === 0x89504e47) return "png";
  const isWebp = textOf(file, 0, 4) === "RIFF" && textOf(file, 8, 12) === "WEBP";
  return isWebp ? "webp" : "other";
}

/** Of each channel of an AVIF or HEIC, as its property "pixi" says (ISO/IEC 23008-12, 6.5.6). */
function bitsOfHeif(file: Uint8Array): number {
  const head = textOf(file, 0, Math.min(file.length, HEIF_HEAD));
  const at = head.startsWith("ftyp", 4) ? head.indexOf("pixi") : -1;
  return at < 0 ? 8 : file[at + AFTER_CHANNELS];
}

function jpegContainer(facts: JpegFacts): Container {
  const [frame] = facts.frames;
  if (frame.precision !== 8 || frame.height === 0) throw new Problem("rareJpeg");
  return {
    ...container("jpeg", { icc: iccOf(facts), exif: exifOf(facts) }),
    size: { height: frame.height, width: frame.width },
    isGreyJpeg: frame.components.length === 1,
  };
}

function container(kind: Kind, facts: { icc: Bytes | null; exif: Bytes | null }): Container {
  const orientation = exifOrientation(facts.exif);
  return { kind, ...facts, orientation, size: null, bits: 8, isGreyJpeg: false };
}
