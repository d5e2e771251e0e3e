/** The model's bytes: fetched once, told about while they come, and kept by the service worker. */

import { Problem } from "../texts/problem.ts";

export interface ModelListing {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface ModelFile {
  readonly listing: ModelListing;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly urls: readonly string[];
}

export type OnBytes = (loaded: number, total: number) => void;

/** `folder` ends in a slash and holds model.json and model.onnx. */
export async function fetchModel(folder: URL, onBytes: OnBytes): Promise<ModelFile> {
  const listingUrl = new URL("model.json", folder).href;
  const listing = (await (await found(listingUrl)).json()) as ModelListing;
  // A new model has another address, so that what is kept is never mistaken for it.
  const url = new URL(`model.onnx?${listing.sha256.slice(0, 16)}`, folder).href;
  const response = await found(url);
  const bytes = await readAll(response, listing.bytes, onBytes);
  if (bytes.length !== listing.bytes) throw new Problem("modelDamaged");
  return { listing, bytes, urls: [listingUrl, url] };
}

async function found(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Problem("modelUnreachable", { cause: error });
  }
  if (!response.ok) throw new Problem("modelUnreachable");
  return response;
}

async function readAll(
  response: Response,
  total: number,
  onBytes: OnBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array(await response.arrayBuffer());
  const parts: Uint8Array[] = [];
  let loaded = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    loaded += part.value.length;
    onBytes(loaded, total);
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
