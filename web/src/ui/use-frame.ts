/** The size of the element that shows photos, as it changes [CSS px]; the darkroom is told. */

import { type RefObject, useLayoutEffect, useState } from "react";
import type { Size } from "../colour/plane.ts";
import { useDarkroom } from "./use-darkroom.ts";

export function useFrame(element: RefObject<HTMLElement | null>): Size {
  const darkroom = useDarkroom();
  const [size, setSize] = useState<Size>({ height: 1, width: 1 });
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const measure = (): void => {
      const frame = { height: watched.clientHeight || 1, width: watched.clientWidth || 1 };
      darkroom.frame = frame;
      setSize(frame);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element, darkroom]);
  return size;
}
