/** Compressed copies beside the files that shrink: `photochrom serve` sends them to who takes them. */

import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const SHRINKS = /\.(js|mjs|css|html|json|svg|wasm|webmanifest)$/;
const BROTLI_BYTES = 1_000_000; // larger ones only as gzip, or the wheel would hold them three times

export function compress(): Plugin {
  return {
    name: "photochrom-compress",
    writeBundle({ dir = "." }, bundle) {
      for (const name of Object.keys(bundle).filter((each) => SHRINKS.test(each))) {
        const content = readFileSync(`${dir}/${name}`);
        writeFileSync(`${dir}/${name}.gz`, gzipSync(content, { level: 9 }));
        if (content.length < BROTLI_BYTES) writeFileSync(`${dir}/${name}.br`, brotli(content));
      }
    },
  };
}

function brotli(content: Buffer): Buffer {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}
