import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadRuntime } from "../../src/network/runtime.ts";

vi.mock("onnxruntime-web/wasm", () => ({ env: { wasm: {} } }));
vi.mock("onnxruntime-web/webgpu", () => ({ env: { wasm: {} } }));

beforeEach(() => {
  vi.stubGlobal("self", { location: { href: "https://host/site/" }, crossOriginIsolated: false });
});
afterEach(() => vi.unstubAllGlobals());

function browserWith(requestAdapter?: () => Promise<object | null>): void {
  vi.stubGlobal("navigator", { gpu: requestAdapter && { requestAdapter } });
}

test.each([
  ["has WebGPU", async () => ({}), "webgpu"],
  ["has WebGPU but no adapter", async () => null, "wasm"],
  ["blocks its adapter", () => Promise.reject(new Error("blocked")), "wasm"],
  ["knows no WebGPU", undefined, "wasm"],
])("a browser that %s gets the right runtime", async (_, requestAdapter, provider) => {
  browserWith(requestAdapter);
  const runtime = await loadRuntime();
  expect(runtime.provider).toBe(provider);
  const isOfWebGpu = runtime.files.map((file) => file.includes("asyncify"));
  expect(isOfWebGpu).toEqual([provider === "webgpu", provider === "webgpu"]);
});

test("where WebGPU's script is not to be had, as offline, there is WASM", async () => {
  vi.doMock("onnxruntime-web/webgpu", () => {
    throw new Error("no network");
  });
  vi.resetModules();
  const offline = await import("../../src/network/runtime.ts");
  browserWith(async () => ({}));
  expect((await offline.loadRuntime()).provider).toBe("wasm");
});
