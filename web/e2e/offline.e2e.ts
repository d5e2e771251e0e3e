import { expect, inject, test } from "vitest";
import { Deployment } from "./deployment.ts";
import { chromaOf, Visit, withBrowser } from "./visit.ts";

withBrowser();

/** Until the service worker has kept everything that a visit without a network needs. */
async function kept(visit: Visit, model = /\.onnx/): Promise<void> {
  const names = () =>
    visit.page.evaluate(async () => {
      const cache = await caches.open("photochrom-large");
      return (await cache.keys()).map(({ url }) => url);
    });
  for (const wanted of [/\.wasm$/, model, /models(\.json)?$/]) {
    await expect.poll(names).toContainEqual(expect.stringMatching(wanted));
  }
}

/** What is kept under an address of the site. */
function keptText(visit: Visit, address: string): Promise<string | undefined> {
  return visit.page.evaluate(async (path) => (await caches.match(path))?.text(), address);
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
  for (const file of ["icon.svg", "photochrom.webmanifest"]) {
    expect(await keptText(visit, file)).toBeDefined();
  }
  await visit.context.setOffline(true);
  await visit.page.reload();
  expect(await visit.page.evaluate(() => crossOriginIsolated)).toBe(true);
  await visit.give("turned-1.jpg");
  await visit.coloured();
  expect(visit.complaints).toEqual([]);
  await visit.leave();
});

test("after another model has come, a visit without a network still has one", async () => {
  const host = await Deployment.start();
  const visit = await Visit.to(host.url);
  const { page } = visit;
  await kept(visit, /sha256=first$/);
  host.deploy("second");
  await page.reload();
  await kept(visit, /sha256=second$/);
  await expect.poll(() => keptText(visit, "model/models.json")).toContain("sha256=second");
  await visit.context.setOffline(true);
  await page.reload();
  await visit.give("turned-1.jpg");
  await visit.coloured();
  // A list that takes too long is read as it was, and so is the model that it names.
  await visit.context.setOffline(false);
  host.deploy("third");
  host.listDelayMs = 6000;
  await page.reload();
  await visit.give("turned-1.jpg");
  await visit.coloured();
  await visit.leave();
  host.stop();
});
