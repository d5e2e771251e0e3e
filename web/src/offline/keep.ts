/** Registers the service worker, and tells it what an offline visit needs beyond the page itself. */

import type { Darkroom } from "../store/darkroom.ts";

export async function keepForOffline(darkroom: Darkroom): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  try {
    await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI));
  } catch {
    return; // a private window, or a page without https: it works, only not offline
  }
  const { active } = await navigator.serviceWorker.ready;
  const files = await readyFiles(darkroom);
  active?.postMessage({ keep: files });
}

function readyFiles(darkroom: Darkroom): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const look = (): void => {
      const { ready } = darkroom.get().preparation;
      if (!ready || ready.files.length === 0) return;
      stop();
      resolve(ready.files);
    };
    const stop = darkroom.watch(look);
    look();
  });
}
