/** The model's bytes: fetched once, told about while they come, and kept by the service worker. */

import type { ModelEntry, ModelList } from "../server/api.ts";
import { Problem } from "../texts/problem.ts";

/** An entry of `GET /v1/models`; a static host has the same list as a file. */
export type ModelListing = Pick<ModelEntry, "name" | "version" | "sha256" | "bytes" | "url">;

export interface ModelFile {
  readonly listing: ModelListing;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly urls: readonly string[];
}

export type OnBytes = (loaded: number, total: number) => void;

const LIST = __IS_STATIC__ ? "model/models.json" : "v1/models";

/** The first model that is offered at the site's address `base`. Throws `Problem`. */
export async function fetchModel(base: string, onBytes: OnBytes): Promise<ModelFile> {
  const listUrl = new URL(LIST, base).href;
  const listing = colourModel((await (await found(listUrl, "no-cache")).json()) as ModelList);
  // Below the site's own path, wherever a proxy has put it.
  const url = new URL(listing.url.replace(/^\//, ""), base).href;
  const bytes = await readAll(await found(url), listing.bytes, onBytes);
  if (bytes.length !== listing.bytes) throw new Problem("modelDamaged");
  return { listing, bytes, urls: [listUrl, url] };
}

/** The first of a list that paints colour, and leaves lightness to the photo. Throws `Problem`. */
export function colourModel({ models }: ModelList): ModelEntry {
  const model = models.find(({ paints }) => paints === "ab");
  if (!model) throw new Problem("modelUnreachable");
  return model;
}

async function found(url: string, cache: RequestCache = "default"): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { cache });
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
