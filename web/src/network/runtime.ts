/**
 * ONNX Runtime Web, the variant that this browser can use: WebGPU where there is one, else WASM. Each
 * comes in files of its own, and only the chosen one is fetched. Without explicit `wasmPaths` the
 * runtime looks beside its own script, finds nothing there, and hangs.
 */

import type * as Ort from "onnxruntime-web";
import webgpuModule from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import webgpuBinary from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import wasmModule from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmBinary from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { Problem } from "../texts/problem.ts";

export type Provider = "webgpu" | "wasm";

export interface Runtime {
  readonly ort: typeof Ort;
  readonly provider: Provider;
  readonly threads: number;
  /** What an offline visit needs of it. */
  readonly files: readonly string[];
}

const MOST_THREADS = 4; // more gain nothing on a network this small

/** Throws `Problem` where the runtime's files cannot be had. */
export async function loadRuntime(): Promise<Runtime> {
  try {
    if (await hasWebGpu()) return await loadWebGpu();
  } catch {
    // An offline visit may have kept the other one only.
  }
  return loadWasm();
}

export async function loadWasm(): Promise<Runtime> {
  const ort: typeof Ort = await import("onnxruntime-web/wasm").catch((error: unknown) => {
    throw new Problem("modelUnreachable", { cause: error });
  });
  // Threads share memory, which browsers give only to pages that are isolated by their headers.
  const threads = self.crossOriginIsolated
    ? Math.min(MOST_THREADS, navigator.hardwareConcurrency || 1)
    : 1;
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: absolute(wasmModule), wasm: absolute(wasmBinary) };
  ort.env.logLevel = "error";
  return { ort, provider: "wasm", threads, files: [wasmModule, wasmBinary].map(absolute) };
}

async function loadWebGpu(): Promise<Runtime> {
  const ort: typeof Ort = await import("onnxruntime-web/webgpu");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { mjs: absolute(webgpuModule), wasm: absolute(webgpuBinary) };
  ort.env.logLevel = "error";
  return { ort, provider: "webgpu", threads: 1, files: [webgpuModule, webgpuBinary].map(absolute) };
}

async function hasWebGpu(): Promise<boolean> {
  const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<unknown> } };
  try {
    return Boolean(await gpu?.requestAdapter());
  } catch {
    return false; // a blocked adapter is none
  }
}

function absolute(url: string): string {
  return new URL(url, self.location.href).href;
}
