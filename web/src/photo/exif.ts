/** EXIF blocks: the orientation read, and turned upright in place (Exif 3.0, 4.6). */

import { viewOf } from "./bytes.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const [ORIENTATION, EXIF_IFD, WIDTH, HEIGHT] = [274, 34665, 40962, 40963];
const [SHORT, LONG] = [3, 4];
const ENTRY_BYTES = 12;

interface Tiff {
  readonly view: DataView;
  readonly little: boolean;
}

/** Orientation 1…8; 1 where the block is absent, damaged, or says nothing of the kind. */
export function exifOrientation(block: Uint8Array | null): number {
  const tiff = block && tiffOf(block);
  if (!tiff) return 1;
  const found = numberOf(tiff, mainDirectory(tiff), ORIENTATION);
  return found !== null && found >= 1 && found <= 8 ? found : 1;
}

/** The block with orientation 1, its thumbnail's too, and the picture's size [px]. */
export function uprightExif(block: Uint8Array, width: number, height: number): Bytes {
  const changed = Uint8Array.from(block);
  const tiff = tiffOf(changed);
  if (!tiff) return changed;
  const main = mainDirectory(tiff);
  setNumber(tiff, main, ORIENTATION, 1);
  const details = numberOf(tiff, main, EXIF_IFD);
  if (details !== null) {
    setNumber(tiff, details, WIDTH, width);
    setNumber(tiff, details, HEIGHT, height);
  }
  const thumbnails = nextDirectory(tiff, main);
  if (thumbnails) setNumber(tiff, thumbnails, ORIENTATION, 1);
  return changed;
}

function tiffOf(block: Uint8Array): Tiff | null {
  if (block.length < 8) return null;
  const view = viewOf(block);
  const mark = view.getUint32(0);
  if (mark === 0x49492a00) return { view, little: true };
  return mark === 0x4d4d002a ? { view, little: false } : null;
}

function mainDirectory({ view, little }: Tiff): number {
  return view.getUint32(4, little);
}

/** How many entries a directory has; 0 for one that leads out of the block. */
function countAt({ view, little }: Tiff, directory: number): number {
  if (directory < 8 || directory + 6 > view.byteLength) return 0;
  const count = view.getUint16(directory, little);
  return directory + 2 + ENTRY_BYTES * count <= view.byteLength ? count : 0;
}

function nextDirectory(tiff: Tiff, directory: number): number {
  const at = directory + 2 + ENTRY_BYTES * countAt(tiff, directory);
  return at + 4 <= tiff.view.byteLength ? tiff.view.getUint32(at, tiff.little) : 0;
}

/** Where the only whole number of a tag lies, and of which type it is. */
function place(tiff: Tiff, directory: number, tag: number): { at: number; kind: number } | null {
  for (let entry = 0; entry < countAt(tiff, directory); entry++) {
    const at = directory + 2 + ENTRY_BYTES * entry;
    if (tiff.view.getUint16(at, tiff.little) !== tag) continue;
    const kind = tiff.view.getUint16(at + 2, tiff.little);
    const isNumber = kind === SHORT || kind === LONG;
    return isNumber && tiff.view.getUint32(at + 4, tiff.little) === 1 ? { at: at + 8, kind } : null;
  }
  return null;
}

function numberOf(tiff: Tiff, directory: number, tag: number): number | null {
  const found = place(tiff, directory, tag);
  if (!found) return null;
  return found.kind === SHORT
    ? tiff.view.getUint16(found.at, tiff.little)
    : tiff.view.getUint32(found.at, tiff.little);
}

function setNumber(tiff: Tiff, directory: number, tag: number, value: number): void {
  const found = place(tiff, directory, tag);
  if (found?.kind === LONG) tiff.view.setUint32(found.at, value, tiff.little);
  else if (found && value < 0x10000) tiff.view.setUint16(found.at, value, tiff.little);
}
