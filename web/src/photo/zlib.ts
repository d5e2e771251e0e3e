/** zlib streams (RFC 1950) by the browser's own means. */

import type { Bytes } from "./bytes.ts";

export async function deflated(bytes: Bytes): Promise<Bytes> {
  return through(new CompressionStream("deflate"), bytes);
}

/** Null for bytes that are no zlib stream. */
export async function inflated(bytes: Bytes): Promise<Bytes | null> {
  try {
    return await through(new DecompressionStream("deflate"), bytes);
  } catch {
    return null; // which error a browser throws here differs, and there is but one cause
  }
}

async function through(stream: GenericTransformStream, bytes: Bytes): Promise<Bytes> {
  const piped = new Blob([bytes]).stream().pipeThrough<Uint8Array>(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}
