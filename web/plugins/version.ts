/** The version of Photochrom, of the one place that says it. */

import { readFileSync } from "node:fs";

const FILE = new URL("../../src/photochrom/version.py", import.meta.url);

export function version(): string {
  const found = /__version__ = "([^"]+)"/.exec(readFileSync(FILE, "utf8"))?.[1];
  if (!found) throw new Error(`${FILE.pathname} names no version`);
  return found;
}
