/** This device made ready to colour: the model and its runtime fetched, the network opened. */

import { fetchModel, type OnBytes } from "../network/model-file.ts";
import { Painter } from "../network/painter.ts";
import { loadRuntime } from "../network/runtime.ts";
import { DeviceSource } from "./device-source.ts";
import type { Ready } from "./messages.ts";

export interface OpenDevice {
  readonly source: DeviceSource;
  readonly ready: Ready;
}

/** Throws `Problem`. */
export async function openDevice(base: string, onBytes: OnBytes): Promise<OpenDevice> {
  const [file, tried] = await Promise.all([fetchModel(base, onBytes), loadRuntime()]);
  const painter = await Painter.open(file, tried);
  const source = new DeviceSource(painter);
  // Once nobody waits for it; where it fails, the first photo says so.
  setTimeout(() => void source.warm().catch(() => {}), 0);
  const { provider, threads, files } = painter.runtime;
  const idle = painter.runtime === tried ? [] : tried.files; // of a WebGPU that failed
  const kept = new Set([...files, ...file.urls, ...loadedFiles()]);
  for (const url of idle) kept.delete(url);
  const { ownVividness } = source;
  return {
    source,
    ready: { model: file.listing, provider, threads, ownVividness, files: [...kept] },
  };
}

/** What this worker has loaded of the site itself, the runtime's script for one. */
function loadedFiles(): string[] {
  return performance
    .getEntriesByType("resource")
    .map(({ name }) => name)
    .filter((name) => name.startsWith(self.location.origin));
}
