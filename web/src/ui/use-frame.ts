/** The size of an element, as it changes [CSS px]. */

import { type RefObject, useLayoutEffect, useState } from "react";
import type { Size } from "../colour/plane.ts";

export function useFrame(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ height: 1, width: 1 });
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const measure = (): void => {
      setSize({ height: watched.clientHeight || 1, width: watched.clientWidth || 1 });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
