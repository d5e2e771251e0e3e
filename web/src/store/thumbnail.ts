/** A small picture of a large one, for the strip. */

import type { Size } from "../colour/plane.ts";
import type { Pixels } from "../worker/messages.ts";

const SIDE_PX = 144;

export function thumbnailOf(pixels: Pixels, { height, width }: Size): Promise<ImageBitmap> {
  const scale = Math.min(1, SIDE_PX / Math.min(height, width));
  return createImageBitmap(new ImageData(pixels, width, height), {
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeQuality: "medium",
  });
}
