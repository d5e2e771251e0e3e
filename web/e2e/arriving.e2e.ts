import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chromaOf, photograph, Visit, withBrowser } from "./visit.ts";

withBrowser();

/** A photograph comes with an event as people cause it, the file in it. */
async function bring(visit: Visit, kind: "drop" | "paste", name: string): Promise<void> {
  const bytes = readFileSync(photograph(name)).toString("base64");
  await visit.page.evaluate(
    async ([how, called, encoded]) => {
      const blob = await (await fetch(`data:image/png;base64,${encoded}`)).blob();
      const carried = new DataTransfer();
      carried.items.add(new File([blob], called, { type: "image/png" }));
      const bubbles = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        how === "paste"
          ? new ClipboardEvent("paste", { clipboardData: carried, ...bubbles })
          : new DragEvent("drop", { dataTransfer: carried, ...bubbles }),
      );
    },
    [kind, name, bytes],
  );
}

test.each(["drop", "paste"] as const)("a %s colours a photograph", async (kind) => {
  const visit = await Visit.to();
  await bring(visit, kind, "portrait.png");
  await visit.coloured();
  expect(chromaOf(await visit.pixels())).toBeGreaterThan(5);
  await visit.page.getByRole("button", { name: "portrait.png, coloured" }).waitFor();
  expect(visit.complaints).toEqual([]);
  await visit.leave();
});

test("what is dragged over the page is welcomed, and what is no photograph is left", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  const shown = await page.evaluate(async () => {
    const carried = new DataTransfer();
    carried.items.add(new File(["words"], "letter.txt", { type: "text/plain" }));
    const enter = { dataTransfer: carried, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent("dragenter", enter));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = document.body.textContent;
    document.body.dispatchEvent(new DragEvent("drop", enter));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return [before, document.body.textContent];
  });
  expect(shown[0]).not.toBe(shown[1]);
  expect(await page.locator("canvas[role=img]").count()).toBe(0);
  await visit.leave();
});

test("the camera takes a photograph, which is coloured, and is let go", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await page.getByRole("button", { name: "Use the camera" }).click();
  const video = page.locator("dialog video");
  await expect
    .poll(() => video.evaluate((camera: HTMLVideoElement) => camera.videoWidth))
    .toBeGreaterThan(0);
  await page.getByRole("button", { name: "Take the photo" }).click();
  await visit.coloured();
  await page.getByRole("button", { name: "camera.jpg, coloured" }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await visit.leave();
});

test("a camera that is refused says so, and how to go on", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("", "NotAllowedError"));
  });
  await page.getByRole("button", { name: "Use the camera" }).click();
  const words = await page.getByRole("dialog").getByRole("alert").textContent();
  expect(words?.length).toBeGreaterThan(20);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await visit.leave();
});
