import { describe, expect, test } from "vitest";
import { chromaOf, compared, nameOf, Visit, withBrowser } from "./visit.ts";

withBrowser();

/** Mean ΔE2000 that the website may differ from Python by. */
const PARITY = 1;

test("a dropped photograph is coloured without a button, as Python colours it", async () => {
  const visit = await Visit.to();
  await visit.give("portrait.png");
  await visit.coloured();
  expect(chromaOf(await visit.pixels())).toBeGreaterThan(5);
  const saved = await visit.save();
  expect(nameOf(saved)).toBe("portrait.color.png");
  const { difference, size, source, sha256 } = await compared("portrait.png", saved);
  expect(difference).toBeLessThan(PARITY);
  expect(size).toEqual([640, 480]);
  expect(source).toBe(sha256);
  expect(visit.complaints).toEqual([]);
  await visit.leave();
});

describe("a file that is stored turned", () => {
  test("is coloured and saved as it is displayed, in all eight orientations", async () => {
    const visit = await Visit.to();
    const names = [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => `turned-${orientation}.jpg`);
    await visit.give(...names);
    await visit.coloured(8);
    for (const name of names) {
      await visit.page.getByRole("button", { name: `${name}, coloured` }).click();
      await visit.page.locator(`canvas[aria-label^="${name}"]`).waitFor();
      const saved = await visit.save();
      const { difference, size, orientation } = await compared(name, saved);
      expect([name, size, orientation]).toEqual([name, [200, 150], 1]);
      expect(difference, name).toBeLessThan(PARITY);
      const archived = await compared(name, await visit.save("Archive copy"));
      expect(archived.restored, name).toBe(archived.sha256);
      expect(archived.size, name).toEqual([200, 150]);
      expect(archived.difference, name).toBeLessThan(PARITY);
    }
    await visit.leave();
  });

  test("may be a PNG or a WebP as well", async () => {
    const visit = await Visit.to();
    await visit.give("turned.png", "turned.webp");
    await visit.coloured(2);
    for (const name of ["turned.png", "turned.webp"]) {
      await visit.page.getByRole("button", { name: `${name}, coloured` }).click();
      await visit.page.locator(`canvas[aria-label^="${name}"]`).waitFor();
      const { difference, size, camera } = await compared(name, await visit.save());
      expect([name, size, camera]).toEqual([name, [200, 150], "Box camera"]);
      expect(difference, name).toBeLessThan(PARITY);
    }
    await visit.leave();
  });
});

test("a grey profile's tone is applied, and stays with the archive copy", async () => {
  const visit = await Visit.to();
  await visit.give("cat.jpg");
  await visit.coloured();
  const { difference } = await compared("cat.jpg", await visit.save());
  expect(difference).toBeLessThan(PARITY);
  const archived = await compared("cat.jpg", await visit.save("Archive copy"));
  expect(archived.restored).toBe(archived.sha256);
  await visit.leave();
});

test("a colour photograph is greyed first, says so, and shows its true colours", async () => {
  const visit = await Visit.to();
  await visit.give("coffee.jpg");
  await visit.coloured();
  await visit.page.getByText("This came in colour").waitFor();
  const { difference, camera, hasPlace } = await compared("coffee.jpg", await visit.save());
  expect(difference).toBeLessThan(PARITY);
  expect([camera, hasPlace]).toEqual(["Box camera", true]);
  const before = visit.page.locator(".before canvas").first();
  const chroma = () =>
    before.evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      return [...(data ?? [])].slice(0, 400_000);
    });
  expect(chromaOf(await chroma())).toBe(0);
  await visit.page.getByRole("button", { name: "Compare with its true colours" }).click();
  await expect.poll(async () => chromaOf(await chroma())).toBeGreaterThan(10);
  await visit.leave();
});

test("transparency is kept", async () => {
  const visit = await Visit.to();
  await visit.give("cut out.png");
  await visit.coloured();
  const { mode, size } = await compared("cut out.png", await visit.save());
  expect([mode, size]).toEqual(["RGBA", [220, 160]]);
  await visit.leave();
});

test("a photograph larger than phones' canvases is coloured and saved at its full size", async () => {
  const visit = await Visit.to();
  await visit.give("large.jpg");
  await visit.coloured();
  for (const _ of [1, 2, 3, 4, 5])
    await visit.page.getByRole("button", { name: "Zoom in" }).click();
  await visit.page.locator(".detail canvas").first().waitFor({ state: "attached" });
  const { size, restored, sha256 } = await compared("large.jpg", await visit.save("Archive copy"));
  expect(size).toEqual([4400, 3900]);
  expect(restored).toBe(sha256);
  await visit.leave();
});
