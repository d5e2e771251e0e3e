import { expect, test } from "vitest";
import { chromaOf, Visit, withBrowser } from "./visit.ts";

withBrowser();

/** An adapter that gives no device, as a blocked graphics card has it. */
const FAILING_GPU = `Object.defineProperty(navigator, "gpu", {
  value: { requestAdapter: async () => ({ requestDevice: () => Promise.reject(new Error("lost")),
    features: new Set(), limits: {}, info: {} }) } });\n`;

/** What the site has fetched of either runtime. */
function runtimes({ requests }: Visit): string[] {
  const names = requests.map((request) => /(asyncify|threaded)-\w+\.wasm$/.exec(request.url()));
  return [...new Set(names.flatMap((found) => found?.[1] ?? []))];
}

test("without WebGPU none of its files are fetched", async () => {
  const visit = await Visit.to();
  await visit.give("turned-1.jpg");
  await visit.coloured();
  expect(runtimes(visit)).toEqual(["threaded"]);
  await visit.leave();
});

test("a WebGPU that fails gives way to WASM, which alone is kept for offline", async () => {
  const visit = await Visit.to("about:blank");
  const { page } = visit;
  // The worker looks for WebGPU, and scripts for pages do not run in workers.
  await visit.context.route("**/entry-*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: FAILING_GPU + (await response.text()) });
  });
  await visit.open();
  await visit.give("turned-1.jpg");
  await visit.coloured();
  expect(chromaOf(await visit.pixels())).toBeGreaterThan(3);
  expect(runtimes(visit)).toEqual(["asyncify", "threaded"]);
  const kept = () =>
    page.evaluate(async () => {
      const requests = await (await caches.open("photochrom-large")).keys();
      return requests.map(({ url }) => url).join(" ");
    });
  await expect.poll(kept).toContain("v1/models");
  expect(await kept()).toMatch(/threaded-\w+\.wasm/);
  expect(await kept()).not.toContain("asyncify");
  await visit.leave();
});
