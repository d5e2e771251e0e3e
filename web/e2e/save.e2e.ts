import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pythonProgram, WEB } from "../tests/python.ts";
import { compared, nameOf, photograph, Visit, withBrowser } from "./visit.ts";

withBrowser();

test("an ordinary JPEG keeps name, camera and place", async () => {
  const visit = await Visit.to();
  await visit.give("portrait.jpg");
  await visit.coloured();
  const saved = await visit.save();
  expect(nameOf(saved)).toBe("portrait.color.jpg");
  const facts = await compared("portrait.jpg", saved);
  expect(facts).toMatchObject({
    camera: "Box camera",
    hasPlace: true,
    restored: null,
    mode: "RGB",
  });
  expect(facts.difference).toBeLessThan(1);
  await visit.leave();
});

test("photochrom restore gives the upload back out of an archive copy", async () => {
  const visit = await Visit.to();
  await visit.give("launch.jpg");
  await visit.coloured();
  const saved = await visit.save("Archive copy");
  const restored = saved.replace(".color.jpg", ".restored.jpg");
  const command = ["-m", "photochrom.cli.main", "restore", saved, "-o", restored];
  execFileSync(pythonProgram(), command, { env: { ...process.env, PYTHONPATH: `${WEB}../src` } });
  expect(existsSync(restored)).toBe(true);
  expect(readFileSync(restored).equals(readFileSync(photograph("launch.jpg")))).toBe(true);
  await visit.leave();
});

test("every photograph shows how far it is", async () => {
  const visit = await Visit.to("about:blank", { serviceWorkers: "block" });
  const { page } = visit;
  let send = (): void => {};
  const held = new Promise<void>((resolve) => {
    send = resolve;
  });
  await visit.context.route("**/*.onnx*", async (route) => {
    await held;
    await route.continue();
  });
  await visit.open();
  await visit.give("portrait.png", "launch.jpg", "cat.jpg");
  await page.getByRole("button", { name: "portrait.png, colouring" }).waitFor();
  await page.getByRole("button", { name: "cat.jpg, waiting" }).waitFor();
  await page.getByRole("progressbar", { name: "0 of 3" }).waitFor();
  const seen = page.evaluate(async () => {
    const counts = new Set<string | null>();
    const look = () => document.querySelector(".strip progress")?.getAttribute("aria-label");
    for (let count = look(); count; count = look()) {
      counts.add(count);
      await new Promise(requestAnimationFrame);
    }
    return [...counts];
  });
  send();
  await visit.coloured(3);
  expect(await seen).toEqual(["0 of 3", "1 of 3", "2 of 3"]);
  await page.getByRole("button", { name: "cat.jpg, coloured" }).waitFor();
  await visit.leave();
});

test("many photographs are saved as one zip", async () => {
  const visit = await Visit.to();
  await visit.give("portrait.png", "launch.jpg", "cat.jpg", "turned-6.jpg");
  await visit.coloured(4);
  const zip = await visit.save("All 4 as a zip");
  expect(nameOf(zip)).toBe("photochrom.zip");
  const listing = execFileSync(pythonProgram(), [
    "-c",
    "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(*z.namelist(), sep='\\n')",
    zip,
  ]);
  expect(listing.toString().trim().split("\n")).toEqual([
    "portrait.color.png",
    "launch.color.jpg",
    "cat.color.jpg",
    "turned-6.color.jpg",
  ]);
  await visit.page.getByRole("button", { name: "Take launch.jpg away" }).click();
  await expect.poll(() => visit.page.locator(".frame").count()).toBe(3);
  await visit.leave();
});

/** Requests that could carry a photograph; Playwright shows no worker's bodies, but their heads. */
async function carriers({ requests }: Visit): Promise<string[]> {
  const carrying: string[] = [];
  for (const request of requests) {
    const [method, { pathname }] = [request.method(), new URL(request.url())];
    const length = Number((await request.allHeaders())["content-length"] ?? 0);
    if (method !== "GET" || length > 0) carrying.push(`${method} ${pathname}`);
  }
  return carrying;
}

test("with the server chosen, the photograph is sent, and nothing is sent before", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("portrait.png");
  await visit.coloured();
  expect(await carriers(visit)).toEqual([]);
  await page.getByRole("radio", { name: "On the server" }).check();
  await expect.poll(() => carriers(visit)).toEqual(["POST /v1/predict"]);
  await page
    .getByRole("button", { name: "Save", exact: true })
    .and(page.locator(":enabled"))
    .waitFor();
  const { difference } = await compared("portrait.png", await visit.save());
  expect(difference).toBeLessThan(1);
  await page.getByRole("radio", { name: "On this device" }).check();
  await visit.give("turned-1.jpg");
  await visit.coloured(2);
  expect(await carriers(visit)).toEqual(["POST /v1/predict"]);
  const models = visit.requests.filter((request) => request.url().includes(".onnx"));
  expect(models.filter((request) => !request.serviceWorker())).toHaveLength(1); // opened once
  await visit.leave();
});

test("no request carries the photograph", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await visit.give("portrait.jpg");
  await visit.coloured();
  await visit.press(0.4, 0.7);
  await page.getByRole("group", { name: "Other colours" }).getByRole("button").first().click();
  await visit.save();
  const own = new URL(page.url()).origin;
  for (const request of visit.requests) {
    const url = new URL(request.url());
    const isOwn = url.origin === own || url.protocol === "blob:";
    // Nothing is sent but addresses of the site's own files, too short for a picture to hide in.
    expect([url.pathname, request.method(), isOwn]).toEqual([url.pathname, "GET", true]);
    expect(url.search.length).toBeLessThan(100);
  }
  expect(await carriers(visit)).toEqual([]);
  expect(visit.requests.length).toBeGreaterThan(5);
  expect(sockets).toEqual([]);
  await visit.leave();
});

test("with the network cut after the page has come, photographs are still coloured", async () => {
  const visit = await Visit.to();
  await visit.give("turned-1.jpg");
  await visit.coloured();
  await visit.context.setOffline(true);
  await visit.give("portrait.jpg");
  await visit.coloured(2);
  await visit.save();
  await visit.leave();
});
