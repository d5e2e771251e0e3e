import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pythonProgram, WEB } from "../tests/python.ts";
import { bytesOf, compared, nameOf, photograph, Visit, withBrowser } from "./visit.ts";

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

test("many photographs show their progress and are saved as one zip", async () => {
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

test("no request carries the photograph", async () => {
  const visit = await Visit.to();
  await visit.give("portrait.jpg");
  await visit.coloured();
  await visit.press(0.4, 0.7);
  await visit.page
    .getByRole("group", { name: "Other colours" })
    .getByRole("button")
    .first()
    .click();
  await visit.save();
  const photo = bytesOf("portrait.jpg");
  for (const request of visit.requests) {
    const url = new URL(request.url());
    expect([
      request.method(),
      url.protocol === "blob:" || url.origin === new URL(visit.page.url()).origin,
    ]).toEqual(["GET", true]);
    expect(request.postDataBuffer()).toBeNull();
    expect(url.href.length).toBeLessThan(300);
  }
  // Nor could anything else of it: the page may connect to its own address only, and with
  // everything but pictures, scripts and the model's parts refused, all still works.
  expect(visit.requests.length).toBeGreaterThan(5);
  expect(photo.length).toBeGreaterThan(10_000);
  expect(
    await visit.page.evaluate(() => performance.getEntriesByType("resource").length),
  ).toBeGreaterThan(0);
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
