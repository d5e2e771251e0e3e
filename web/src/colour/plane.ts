/** The kinds of pictures that cross a file's border; rows follow each other from the top. */

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** One number a pixel. */
export interface Plane extends Size {
  readonly values: Float32Array<ArrayBuffer>;
}

/** sRGB-coded grey, 0…255. */
export interface Levels extends Size {
  readonly values: Uint8Array<ArrayBuffer>;
}

/** CIELAB a* and b*, of one size. */
export interface Ab {
  readonly a: Plane;
  readonly b: Plane;
}

/** Painted colours, and how much larger than they the guide is that they are enlarged along. */
export interface Colours {
  readonly ab: Ab;
  readonly guidePerAb: number;
}

/** A rectangle of a picture [px]. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

export function emptyPlane(height: number, width: number): Plane {
  return { height, width, values: new Float32Array(height * width) };
}

export function whole({ height, width }: Size): Region {
  return { left: 0, top: 0, height, width };
}

/** The plane with every value changed. */
export function mapped(plane: Plane, change: (value: number) => number): Plane {
  return { ...plane, values: plane.values.map(change) };
}

export function scaledBy(plane: Plane, factor: number): Plane {
  return mapped(plane, (value) => value * factor);
}
