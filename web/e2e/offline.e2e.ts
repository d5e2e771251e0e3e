import { expect, inject, test } from "vitest";
import { chromaOf, Visit, withBrowser } from "./visit.ts";

withBrowser();

/** Until the service worker has kept everything that a visit without a network needs. */
async function kept(visit: Visit): Promise<void> {
  const names = () =>
    visit.page.evaluate(async () => {
      const cache = await caches.open("photochrom-large");
      return (await cache.keys()).map(({ url }) => new URL(url).pathname).join(" ");
    });
  await expect.poll(names).toMatch(/\.wasm .*\.onnx/);
}

test("the second visit needs no network", async () => {
  const visit = await Visit.to();
  await kept(visit);
  await visit.context.setOffline(true);
  await visit.page.reload();
  await visit.give("portrait.png");
  await visit.coloured();
  expect(chromaOf(await visit.pixels())).toBeGreaterThan(5);
  await visit.leave();
});

test("on a plain file server it runs with one thread, offline, and isolated from then on", async () => {
  const visit = await Visit.to(inject("staticSite"));
  expect(await visit.page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(await visit.page.getByText("On the server").count()).toBe(0);
  await visit.give("portrait.png");
  await visit.coloured();
  await kept(visit);
  await visit.context.setOffline(true);
  await visit.page.reload();
  expect(await visit.page.evaluate(() => crossOriginIsolated)).toBe(true);
  await visit.give("turned-1.jpg");
  await visit.coloured();
  expect(visit.complaints).toEqual([]);
  await visit.leave();
});
