/** The transfer curve of sRGB: coded values to linear light and back (IEC 61966-2-1). */

/** Entry i codes the linear light from i to i + 1 of `CODE_STEPS`, to a fortieth of a level. */
export const CODE_STEPS = 65535;

/** Linear light of a coded value 0…1. */
export function srgbToLinear(coded: number): number {
  return coded > 0.04045 ? ((coded + 0.055) / 1.055) ** 2.4 : coded / 12.92;
}

/** The coded value 0…1 of linear light 0…1. */
export function linearToSrgb(linear: number): number {
  return linear > 0.0031308 ? 1.055 * linear ** (1 / 2.4) - 0.055 : linear * 12.92;
}

/** Linear light of every 8-bit level. */
export const LINEAR_OF_LEVEL = Float32Array.from({ length: 256 }, (_, level) =>
  srgbToLinear(level / 255),
);

/** The 8-bit level of linear light (i + ½) / `CODE_STEPS`. */
export const LEVEL_OF_LINEAR = Uint8Array.from({ length: CODE_STEPS + 1 }, (_, step) =>
  Math.round(linearToSrgb(Math.min((step + 0.5) / CODE_STEPS, 1)) * 255),
);
