/** A host of the static site that can be given another model, and that can be slow about it. */

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { WEB } from "../tests/python.ts";

const SITE = `${WEB}dist-static`;
const LIST = "/model/models.json";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

export class Deployment {
  listDelayMs = 0;
  readonly #server: Server;
  #sha256 = "first";

  private constructor() {
    this.#server = createServer(({ url = "/" }, response) => {
      const { pathname, searchParams } = new URL(url, "http://host");
      const path = pathname === "/" ? "/index.html" : pathname;
      const isOld = path.endsWith(".onnx") && searchParams.get("sha256") !== this.#sha256;
      const content = isOld ? null : this.#read(path);
      response.writeHead(content ? 200 : 404, {
        "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      });
      setTimeout(() => response.end(content), path === LIST ? this.listDelayMs : 0);
    });
  }

  static async start(): Promise<Deployment> {
    const deployment = new Deployment();
    await new Promise<void>((done) => deployment.#server.listen(0, "127.0.0.1", done));
    return deployment;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** From now on there is another model, and the one before is gone. */
  deploy(sha256: string): void {
    this.#sha256 = sha256;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #read(path: string): Buffer | string | null {
    try {
      const content = readFileSync(SITE + path);
      if (path !== LIST) return content;
      return content.toString().replaceAll(/[0-9a-f]{64}/g, this.#sha256);
    } catch {
      return null;
    }
  }
}
