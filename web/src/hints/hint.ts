/** Colours that a person names at points of a photograph. */

export type Rgb = readonly [red: number, green: number, blue: number];

/** The pixel under (x, y) shall have the hue and chroma of `colour`; its lightness stays. */
export interface Hint {
  /** 0…width and 0…height [px] of the photo as displayed, at full size. */
  readonly x: number;
  readonly y: number;
  readonly colour: Rgb;
}

export const MOST_HINTS = 256;

export function hexOf(colour: Rgb): string {
  return `#${colour.map((level) => level.toString(16).padStart(2, "0")).join("")}`;
}

/** Null for what is not #rrggbb. */
export function rgbOf(hex: string): Rgb | null {
  const found = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex.trim());
  if (!found) return null;
  const [, red, green, blue] = found.map((pair) => Number.parseInt(pair, 16));
  return [red, green, blue];
}
