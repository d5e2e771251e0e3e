// Decodes the JPEG files named on the command line with jpeg-js. Writes NAME.rgba beside each,
// empty for one that it cannot decode.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { decode } = createRequire(import.meta.url)("jpeg-js");
for (const path of process.argv.slice(2)) {
  let pixels = new Uint8Array();
  try {
    pixels = decode(readFileSync(path)).data;
  } catch (error) {
    console.error(path, error.message);
  }
  writeFileSync(`${path}.rgba`, pixels);
}
