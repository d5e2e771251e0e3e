/** Files in a ZIP, stored as they are: pictures do not get smaller (APPNOTE 6.3.10). */

import { type Bytes, viewOf } from "../photo/bytes.ts";
import { crc32 } from "../photo/crc32.ts";
import { Problem } from "../texts/problem.ts";

export interface ZipEntry {
  readonly name: string;
  readonly blob: Blob;
  readonly modified: Date;
}

const VERSION = 20;
const [MOST_BYTES, MOST_FILES] = [0xffffffff, 0xffff]; // what its fields of 4 and 2 bytes can say
const RECORD_BYTES = 200; // more than both heads of a file have, and the end
const NAMES_ARE_UTF8 = 0x0800;
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];

/** Throws `Problem` for more than a ZIP can hold. */
export function checkFits(entries: readonly ZipEntry[]): void {
  const sizes = entries.map(({ name, blob }) => blob.size + 8 * name.length + RECORD_BYTES);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > MOST_BYTES || entries.length > MOST_FILES) throw new Problem("tooLargeForZip");
}

/** Names that occur twice get a number. Throws `Problem`. */
export async function zipOf(entries: readonly ZipEntry[]): Promise<Blob> {
  checkFits(entries);
  const names = uniqueNames(entries.map(({ name }) => name));
  const parts: BlobPart[] = [];
  const directory: Bytes[] = [];
  let at = 0;
  for (const [index, { blob, modified }] of entries.entries()) {
    const name = new TextEncoder().encode(names[index]);
    const crc = crc32(new Uint8Array(await blob.arrayBuffer()));
    const fields = [timeOf(modified), dateOf(modified), crc, blob.size, name.length];
    const head = localHead(fields);
    parts.push(head, name, blob);
    directory.push(centralHead(fields, at), name);
    at += head.length + name.length + blob.size;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return new Blob([...parts, ...directory, endRecord(entries.length, size, at)], {
    type: "application/zip",
  });
}

export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const [stem, ending] = [name.replace(/\.[^.]*$/, ""), /\.[^.]*$/.exec(name)?.[0] ?? ""];
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${stem} (${number})${ending}`;
    taken.add(unique);
    return unique;
  });
}

type Numbers = readonly number[];

/** Numbers of 2 or 4 bytes, as `widths` says. */
function record(widths: string, numbers: Numbers): Bytes {
  const bytes = new Uint8Array([...widths].reduce((sum, width) => sum + Number(width), 0));
  const view = viewOf(bytes);
  let at = 0;
  numbers.forEach((number, index) => {
    const isShort = widths[index] === "2";
    if (isShort) view.setUint16(at, number, true);
    else view.setUint32(at, number, true);
    at += isShort ? 2 : 4;
  });
  return bytes;
}

function localHead([time, date, crc, size, nameLength]: Numbers): Bytes {
  const numbers = [LOCAL, VERSION, NAMES_ARE_UTF8, 0, time, date, crc, size, size, nameLength, 0];
  return record("42222244422", numbers);
}

function centralHead([time, date, crc, size, nameLength]: Numbers, at: number): Bytes {
  const file = [VERSION, VERSION, NAMES_ARE_UTF8, 0, time, date, crc, size, size, nameLength];
  return record("42222224442222244", [CENTRAL, ...file, 0, 0, 0, 0, 0, at]);
}

function endRecord(count: number, size: number, at: number): Bytes {
  return record("42222442", [END, 0, 0, count, count, size, at, 0]);
}

function timeOf(date: Date): number {
  return (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
}

function dateOf(date: Date): number {
  const year = Math.max(date.getFullYear() - 1980, 0);
  return (year << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
}
