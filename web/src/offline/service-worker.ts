/**
 * Keeps the page, the runtime and the model, so that a second visit needs no network. Whatever it
 * hands out carries the headers that isolate a page, so that threads work on hosts that set none.
 */

import type { ModelList } from "../server/api.ts";

/** Filled in by the build: the page's own files, and a name that changes when they do. */
declare const __KEPT_FILES__: readonly string[];
declare const __KEPT_NAME__: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const FILES = `photochrom-${__KEPT_NAME__}`;
const LARGE = "photochrom-large"; // addresses that tell their content: runtime, model
const LISTS = /\/(v1\/models|model\/models\.json)$/;
const PATIENCE_MS = 3000; // with a network that is there but does not answer
const ISOLATING = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

worker.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(leaveOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (event: ExtendableMessageEvent) => {
  const { keep } = event.data as { keep: readonly string[] };
  event.waitUntil(keepLarge(keep));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (isOurs(url)) event.respondWith(newest(request, "./"));
  } else if (LISTS.test(url.pathname)) event.respondWith(newest(request, request.url));
  else event.respondWith(kept(request));
});

/** The page itself; other paths, such as the API's description, are not ours. */
function isOurs({ pathname }: URL): boolean {
  const scope = new URL(worker.registration.scope).pathname;
  return pathname === scope || pathname === `${scope}index.html`;
}

async function fill(): Promise<void> {
  const cache = await caches.open(FILES);
  // Names in assets/ tell their content; the page itself and its icon are asked for anew.
  await cache.addAll(
    __KEPT_FILES__.map(
      (file) => new Request(file, { cache: file.includes("/assets/") ? "default" : "no-cache" }),
    ),
  );
}

async function leaveOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter(
    (name) => name.startsWith("photochrom-") && ![FILES, LARGE].includes(name),
  );
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** What is kept is this and no more: an older model goes, once the newer one is here. */
async function keepLarge(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(LARGE);
  const isList = (url: string): boolean => LISTS.test(new URL(url).pathname);
  for (const url of urls.filter((each) => !isList(each))) {
    if (!(await caches.match(url))) await cache.add(url);
  }
  for (const url of urls.filter(isList)) await keepList(cache, url, urls);
  for (const request of await cache.keys()) {
    if (!urls.includes(request.url)) await cache.delete(request);
  }
}

/** A list of models changes under its address. It is kept only beside the model that it offers. */
async function keepList(cache: Cache, url: string, kept: readonly string[]): Promise<void> {
  const list = await fetch(url, { cache: "no-cache" });
  if (!list.ok) return;
  const { models } = (await list.clone().json()) as ModelList;
  const model = models.find(({ paints }) => paints === "ab");
  const address = new URL(model?.url.replace(/^\//, "") ?? "", worker.registration.scope);
  if (kept.includes(address.href)) await cache.put(url, list);
}

async function kept(request: Request): Promise<Response> {
  const found = await caches.match(request);
  return isolated(found ?? (await fetch(request)));
}

/** From the network where it answers soon, else as it was. */
async function newest(request: Request, name: string): Promise<Response> {
  const found = await caches.match(name);
  try {
    const signal = found ? AbortSignal.timeout(PATIENCE_MS) : null;
    return isolated(await fetch(request, { signal }));
  } catch (error) {
    if (found) return isolated(found);
    throw error;
  }
}

function isolated(response: Response): Response {
  if (response.status === 0 || response.status === 304) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATING)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(status === 204 ? null : response.body, { status, statusText, headers });
}
