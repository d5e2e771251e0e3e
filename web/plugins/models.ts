/** The model beside the site: copied into a static build, and served while developing. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Connect, Plugin } from "vite";

const WEIGHTS = new URL("../../src/photochrom/models/weights/flagship", import.meta.url).pathname;

/** `isShipped`: the build holds the model; else the server that the site belongs to has it. */
export function models(isShipped: boolean): Plugin {
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const name = request.url?.match(/\/model\/(model\.(?:json|onnx))(?:\?|$)/)?.[1];
    if (!name) return next();
    response.setHeader("Content-Type", name.endsWith("json") ? "application/json" : "text/plain");
    response.end(files()[name]);
  };
  return {
    name: "photochrom-models",
    configureServer: ({ middlewares }) => void middlewares.use(serve),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(serve),
    generateBundle() {
      if (!isShipped) return;
      for (const [name, source] of Object.entries(files())) {
        this.emitFile({ type: "asset", fileName: `model/${name}`, source });
      }
    },
  };
}

function files(): Record<string, Buffer> {
  const onnx = readFileSync(`${WEIGHTS}.onnx`);
  const { name, version } = JSON.parse(readFileSync(`${WEIGHTS}.json`, "utf8")) as {
    name: string;
    version: string;
  };
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  const listing = { name, version, sha256, bytes: onnx.length };
  return { "model.json": Buffer.from(JSON.stringify(listing)), "model.onnx": onnx };
}
