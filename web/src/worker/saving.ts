/** A coloured photo as a file: of its own kind where that can be, with what the original says. */

import { coloursToCbCr } from "../colour/chroma.ts";
import type { EdgeModel } from "../colour/edge-model.ts";
import { storingOrientation, turned, uprightSize } from "../colour/grey.ts";
import { paint, rowPainter } from "../colour/merge.ts";
import {
  type Colours,
  emptyPlane,
  type Levels,
  type Plane,
  type Size,
  whole,
} from "../colour/plane.ts";
import { shrink } from "../colour/resize.ts";
import { hexOf } from "../hints/hint.ts";
import { xmpOf } from "../jpeg/metadata.ts";
import { ordinaryFromJpeg, ordinaryFromOther, thumbnailJpeg } from "../jpeg/ordinary.ts";
import { parseJpeg } from "../jpeg/segments.ts";
import { splice } from "../jpeg/splice.ts";
import { hasThumbnails } from "../jpeg/thumbnails.ts";
import type { ModelListing } from "../network/model-file.ts";
import type { Bytes } from "../photo/bytes.ts";
import { decodeLumaHalf, type Photo, toneOf } from "../photo/decode.ts";
import { uprightExif } from "../photo/exif.ts";
import { profileFromGrey } from "../photo/icc-build.ts";
import { packetWith } from "../photo/provenance.ts";
import { hexOf as hexOfBytes, sha256 } from "../photo/sha256.ts";
import { chunksOf } from "../png/chunks.ts";
import { encodePng } from "../png/encode.ts";
import { Problem } from "../texts/problem.ts";
import type { Saved, SaveWay, Wishes } from "./messages.ts";

const THUMBNAIL_PX = 160; // the longer side, as Exif 3.0, 4.5.8 recommends for its short form

/** A photo, how it was coloured, and by what. */
export interface Finished {
  readonly name: string;
  readonly file: Bytes;
  readonly photo: Photo;
  readonly colours: Colours;
  readonly model: EdgeModel;
  readonly wishes: Wishes;
  readonly madeBy: ModelListing;
}

/** Throws `Problem`. */
export async function savePhoto(finished: Finished, way: SaveWay): Promise<Saved> {
  const { kind } = finished.photo.container;
  if (way === "archive") return saved(finished, "jpg", await archived(finished));
  if (kind === "jpeg") return saved(finished, "jpg", await ordinaryJpeg(finished));
  if (kind === "png" || finished.photo.alpha) return saved(finished, "png", await png(finished));
  const xmp = await packetOf(finished, null);
  const { grey } = finished.photo;
  const exif = exifOf(finished.photo);
  return saved(finished, "jpg", await ordinaryFromOther(grey, rowsOf(finished), xmp, exif));
}

function saved({ name }: Finished, ending: "jpg" | "png", bytes: Bytes): Saved {
  const type = ending === "jpg" ? "image/jpeg" : "image/png";
  const stem = name.replace(/\.[^./\\]*$/, "") || "photo";
  return { blob: new Blob([bytes], { type }), name: `${stem}.color.${ending}` };
}

async function ordinaryJpeg(finished: Finished): Promise<Bytes> {
  const { photo, file } = finished;
  const facts = parseJpeg(file);
  return ordinaryFromJpeg(photo.grey, rowsOf(finished), file, {
    xmp: await packetOf(finished, xmpOf(facts)),
    thumbnail: hasThumbnails(facts) ? await thumbnail(finished, 1) : null,
    isTurned: photo.container.orientation !== 1,
  });
}

/** The original's own bytes with colour beside them: `photochrom restore` gives them back. */
async function archived(finished: Finished): Promise<Bytes> {
  const { photo, file, colours, wishes } = finished;
  const { container } = photo;
  if (!container.isGreyJpeg) throw new Problem("notArchivable");
  const facts = parseJpeg(file);
  const back = storingOrientation(container.orientation);
  const [a, b] = [colours.ab.a, colours.ab.b].map((plane) => turnedPlane(plane, back));
  const luma = await decodeLumaHalf(file, container);
  const stored = { ...colours, ab: { a, b } };
  const chroma = coloursToCbCr(luma, stored, wishes.strength, toneOf(container));
  return splice(file, chroma, {
    xmp: await packetOf(finished, xmpOf(facts), false),
    icc: profileFromGrey(container.icc),
    thumbnail: hasThumbnails(facts) ? await thumbnail(finished, back) : null,
  });
}

async function png(finished: Finished): Promise<Bytes> {
  const { photo, file, model, wishes } = finished;
  const { grey, alpha } = photo;
  const rgba = paint(model, { grey, region: whole(grey), picture: grey }, wishes.strength);
  if (alpha) for (let at = 0; at < alpha.length; at++) rgba[4 * at + 3] = alpha[at];
  const others = photo.container.kind === "png" ? chunksOf(file) : [];
  const exif = exifOf(photo);
  const chunks = [
    ...others.filter(({ kind }) => kind !== "eXIf"),
    ...(exif ? [{ kind: "eXIf", content: exif }] : []),
  ];
  const xmp = await packetOf(finished, null);
  return encodePng(grey, rgba, { chunks, xmp, hasAlpha: alpha !== null });
}

/** The source's EXIF, as it holds for pixels that were turned. */
function exifOf({ container: { exif, orientation }, grey }: Photo): Bytes | null {
  return exif && orientation !== 1 ? uprightExif(exif, grey.width, grey.height) : exif;
}

function rowsOf({ photo: { grey }, model, wishes }: Finished) {
  return rowPainter(model, { grey, region: whole(grey), picture: grey }, wishes.strength);
}

/** A small colour JPEG of the photo, turned by an orientation. */
async function thumbnail({ photo, model, wishes }: Finished, orientation: number): Promise<Bytes> {
  const { grey } = photo;
  const scale = Math.min(1, THUMBNAIL_PX / Math.max(grey.height, grey.width));
  const [height, width] = [grey.height, grey.width].map((px) =>
    Math.max(1, Math.round(px * scale)),
  );
  const { values } = shrink(grey, height, width);
  const small: Levels = { height, width, values: Uint8Array.from(values, (level) => level + 0.5) };
  const rgba = paint(model, { grey: small, region: whole(small), picture: small }, wishes.strength);
  const pixels = new Uint32Array(rgba.buffer);
  const shown = turned(
    { height, width, values: pixels },
    orientation,
    new Uint32Array(pixels.length),
  );
  const size = uprightSize({ height, width }, orientation);
  const bytes = new Uint8ClampedArray(shown.values.buffer);
  return thumbnailJpeg(size, (row, line) => {
    line.set(bytes.subarray(4 * row * size.width, 4 * (row + 1) * size.width));
  });
}

function turnedPlane(plane: Plane, orientation: number): Plane {
  const { height, width } = uprightSize(plane as Size, orientation);
  return turned(plane, orientation, emptyPlane(height, width).values);
}

async function packetOf(
  { file, wishes, madeBy, photo }: Finished,
  existing: Bytes | null,
  isTurned = photo.container.orientation !== 1,
): Promise<string> {
  const vividness = wishes.vividness === null ? [] : [`vividness=${wishes.vividness}`];
  const hints = wishes.hints.map(({ x, y, colour }) => `hint=${x},${y}=${hexOf(colour)}`);
  const made = {
    sourceSha256: hexOfBytes(await sha256(file)),
    model: madeBy.name,
    modelVersion: madeBy.version,
    modelSha256: madeBy.sha256,
    strength: wishes.strength,
    options: [...vividness, ...hints].join(" "),
  };
  return packetWith(existing, made, isTurned);
}
