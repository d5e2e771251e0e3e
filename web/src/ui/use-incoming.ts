/** Photographs that are dropped or pasted anywhere on the page. */

import { useEffect, useRef, useState } from "react";

/** True while something hovers over the page that could be let go. */
export function useIncoming(take: (files: Iterable<File>) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    let depth = 0; // of elements entered and not left
    const enter = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      depth++;
      setOver(true);
    };
    const leave = (): void => {
      depth = Math.max(depth - 1, 0);
      setOver(depth > 0);
    };
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (event.dataTransfer) latest.current(event.dataTransfer.files);
    };
    const paste = (event: ClipboardEvent): void => {
      if (event.clipboardData?.files.length) latest.current(event.clipboardData.files);
    };
    const controller = new AbortController();
    const { signal } = controller;
    document.addEventListener("dragenter", enter, { signal });
    document.addEventListener("dragleave", leave, { signal });
    document.addEventListener("dragover", over, { signal });
    document.addEventListener("drop", drop, { signal });
    document.addEventListener("paste", paste, { signal });
    return () => controller.abort();
  }, []);
  return isOver;
}
