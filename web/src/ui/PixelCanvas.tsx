/** Pixels on the page. */

import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { Size } from "../colour/plane.ts";
import type { Pixels } from "../worker/messages.ts";

interface Props {
  readonly pixels: Pixels | null;
  readonly size: Size;
  /** Without one it says nothing to those who cannot see it. */
  readonly label?: string;
  readonly className?: string;
}

export function PixelCanvas({ pixels, size, label, className }: Props): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !pixels) return;
    context.putImageData(new ImageData(pixels, size.width, size.height), 0, 0);
  }, [pixels, size]);
  const described = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return (
    <canvas
      ref={canvas}
      width={size.width}
      height={size.height}
      className={className}
      {...described}
    />
  );
}
