/** Tells the service worker which files the page consists of, and names them by their content. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const PUBLIC = new URL("../public/", import.meta.url); // copied as they are, past the bundle
export const SERVICE_WORKER = "service-worker.js";
const LARGE = /\.(wasm|mjs|onnx)$|model\/|ort\./; // kept when it is known which of them are used

export function offline(): Plugin {
  return {
    name: "photochrom-offline",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle[SERVICE_WORKER];
      if (worker?.type !== "chunk") throw new Error(`the build has no ${SERVICE_WORKER}`);
      const names = Object.keys(bundle).filter(
        (name) => name !== SERVICE_WORKER && !LARGE.test(name),
      );
      const page = bundle["index.html"];
      const digest = createHash("sha256").update([...names].sort().join("\n"));
      if (page?.type === "asset") digest.update(page.source);
      const others = readdirSync(PUBLIC);
      for (const name of others) digest.update(readFileSync(new URL(name, PUBLIC)));
      const files = [...names, ...others].map((name) =>
        name === "index.html" ? "./" : `./${name}`,
      );
      worker.code = worker.code
        .replaceAll("__KEPT_FILES__", JSON.stringify(files))
        .replaceAll("__KEPT_NAME__", JSON.stringify(digest.digest("hex").slice(0, 12)));
    },
  };
}
