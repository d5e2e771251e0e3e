/** The model beside the site: copied into a static build, and served while developing. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Connect, Plugin } from "vite";

const WEIGHTS = new URL("../../src/photochrom/models/weights/flagship", import.meta.url).pathname;
const LISTS = ["/v1/models", "/model/models.json"];
const ONNX = "model/flagship.onnx";

/** `isShipped`: the build holds the model; else the server that the site belongs to has it. */
export function models(isShipped: boolean): Plugin {
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const path = request.url?.split("?")[0] ?? "";
    if (LISTS.includes(path)) {
      response.setHeader("Content-Type", "application/json");
      response.end(list());
    } else if (path === `/${ONNX}`) response.end(readFileSync(`${WEIGHTS}.onnx`));
    else next();
  };
  return {
    name: "photochrom-models",
    configureServer: ({ middlewares }) => void middlewares.use(serve),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(serve),
    generateBundle() {
      if (!isShipped) return;
      const source = readFileSync(`${WEIGHTS}.onnx`);
      this.emitFile({ type: "asset", fileName: ONNX, source });
      this.emitFile({ type: "asset", fileName: "model/models.json", source: list() });
    },
  };
}

/** What `GET /v1/models` says of the shipped model, as far as the site asks. */
function list(): string {
  const onnx = readFileSync(`${WEIGHTS}.onnx`);
  const facts = JSON.parse(readFileSync(`${WEIGHTS}.json`, "utf8")) as Record<string, unknown>;
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  const url = `${ONNX}?sha256=${sha256}`;
  return JSON.stringify({ models: [{ ...facts, sha256, bytes: onnx.length, url, paints: "ab" }] });
}
