import { expect, test } from "vitest";
import { chromaOf, compared, PHONE, Visit, withBrowser } from "./visit.ts";

withBrowser();

/** What is shown at shares of the photo's sides, as RGB. */
async function colourAt(visit: Visit, across: number, down: number): Promise<number[]> {
  return visit.page.locator("canvas[role=img]").evaluate(
    (canvas: HTMLCanvasElement, [x, y]) => {
      const context = canvas.getContext("2d");
      const pixel = context?.getImageData(x * canvas.width, y * canvas.height, 1, 1).data;
      return [...(pixel ?? [])].slice(0, 3);
    },
    [across, down],
  );
}

/** How far two colours are apart. */
function apart(one: readonly number[], other: readonly number[]): number {
  return Math.max(...one.map((value, at) => Math.abs(value - other[at])));
}

test("a click says a colour; it can be undone, redone, changed, taken back and reset", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("portrait.png");
  await visit.coloured();
  const before = await colourAt(visit, 0.5, 0.15);
  await visit.press(0.5, 0.15);
  await page.getByRole("group", { name: "Likely here" }).getByRole("button").nth(2).waitFor();
  await page.getByRole("group", { name: "Other colours" }).getByRole("button").nth(8).click();
  await expect.poll(() => colourAt(visit, 0.5, 0.15)).not.toEqual(before);
  const blue = await colourAt(visit, 0.5, 0.15);
  expect(blue[2]).toBeGreaterThan(blue[0] + 20);

  await page.keyboard.press("Control+z");
  await expect.poll(() => colourAt(visit, 0.5, 0.15)).toEqual(before);
  await page.keyboard.press("Control+Shift+z");
  // The colour is laid at once; a moment later it is what the network makes of it.
  await expect.poll(async () => apart(await colourAt(visit, 0.5, 0.15), blue)).toBeLessThan(8);

  await page.getByRole("button", { name: "Colour 1 that you said" }).click();
  await page.getByRole("button", { name: "No colour" }).click();
  await expect
    .poll(async () => chromaOf([...(await colourAt(visit, 0.5, 0.15)), 255]))
    .toBeLessThan(8);
  await page.getByRole("button", { name: "Colour 1 that you said" }).click();
  await page.getByRole("button", { name: "Let the model choose" }).click();
  await expect.poll(() => colourAt(visit, 0.5, 0.15)).toEqual(before);

  await page.getByRole("slider", { name: "Strength" }).fill("0");
  await expect.poll(async () => chromaOf(await visit.pixels())).toBe(0);
  await page.getByRole("button", { name: "Back to the first colours" }).click();
  await expect.poll(() => colourAt(visit, 0.5, 0.15)).toEqual(before);
  await visit.leave();
});

test("a said colour is where Python lays it", async () => {
  const visit = await Visit.to();
  await visit.give("portrait.png");
  await visit.coloured();
  await visit.press(0.35, 0.8);
  await visit.page.locator("input[type=color]").fill("#2050c0");
  await visit.page.getByRole("button", { name: "Close" }).click();
  await visit.page.getByRole("slider", { name: "Vividness" }).fill("0.8");
  await visit.page.getByRole("slider", { name: "Strength" }).fill("1.2");
  const saved = await visit.save();
  const { options } = await compared("portrait.png", saved);
  const [, x, y] = /hint=(\d+),(\d+)=#2050c0/.exec(options ?? "") ?? [];
  expect(options).toContain("vividness=0.8");
  const hints = [[Number(x), Number(y), "#2050c0"]];
  const { difference } = await compared("portrait.png", saved, {
    hints,
    strength: 1.2,
    vividness: 0.8,
  });
  expect(difference).toBeLessThan(1);
  await visit.leave();
});

test("everything can be done from the keyboard", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("portrait.png");
  await visit.coloured();
  await page.getByRole("application").focus();
  for (const key of ["ArrowUp", "Shift+ArrowLeft", "ArrowDown"]) await page.keyboard.press(key);
  await page.locator(".crosshair").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "What colour is this?" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  expect(await page.getByRole("button", { name: "Show all of it" }).isEnabled()).toBe(true);
  await page.keyboard.press("0");
  expect(await page.getByRole("button", { name: "Show all of it" }).isEnabled()).toBe(false);
  await page.getByRole("slider", { name: "How much of the photo" }).focus();
  await page.keyboard.press("End");
  const clip = () =>
    page.locator(".before").evaluate((before) => getComputedStyle(before).clipPath);
  const all = await clip();
  await page.keyboard.press("Home");
  expect(await clip()).not.toBe(all);
  await page.keyboard.down("b");
  await expect.poll(clip).toBe(all);
  await page.keyboard.up("b");
  await expect.poll(clip).not.toBe(all);
  await visit.leave();
});

test("the panel of colours is whole, wherever one presses", async () => {
  const visit = await Visit.to(undefined, { viewport: { width: 1000, height: 640 } });
  const { page } = visit;
  await visit.give("portrait.png");
  await visit.coloured();
  for (const [across, down] of [
    [0.03, 0.03],
    [0.97, 0.97],
    [0.5, 0.98],
  ]) {
    await visit.press(across, down);
    const panel = page.getByRole("dialog");
    await panel.getByRole("group", { name: "Likely here" }).getByRole("button").first().waitFor();
    const stage = await page.locator(".stage").boundingBox();
    const box = await panel.boundingBox();
    expect(box && stage).toBeTruthy();
    if (!box || !stage) return;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(1000);
    expect(box.y).toBeGreaterThanOrEqual(stage.y);
    expect(box.y + box.height).toBeLessThanOrEqual(stage.y + stage.height);
    await page.keyboard.press("Escape");
  }
  await visit.leave();
});

test("two fingers zoom a photo on a phone", async () => {
  const visit = await Visit.to(undefined, PHONE);
  const { page } = visit;
  await visit.give("portrait.png");
  await visit.coloured();
  const print = page.locator(".stage > .print");
  const first = await print.boundingBox();
  if (!first) throw new Error("no photo is shown");
  const [x, y] = [first.x + first.width / 2, first.y + first.height / 2];
  const fingers = (apart: number) => [
    { x: x - apart / 2, y, id: 0 },
    { x: x + apart / 2, y, id: 1 },
  ];
  const touch = await visit.context.newCDPSession(page);
  const send = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: object[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: touchPoints as never });
  await send("touchStart", fingers(80));
  for (const apart of [100, 120, 140, 160]) await send("touchMove", fingers(apart));
  await send("touchEnd", []);
  const width = async () => (await print.boundingBox())?.width ?? 0;
  await expect.poll(width).toBeGreaterThan(1.8 * first.width);
  expect(await width()).toBeLessThan(2.2 * first.width);
  expect(await page.getByRole("dialog").count()).toBe(0);
  await visit.leave();
});

test("a wheel zooms, a drag moves", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("portrait.png");
  await visit.coloured();
  const print = page.locator(".stage > .print");
  const lie = async () => (await print.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const first = await lie();
  await page.mouse.move(first.x + first.width / 2, first.y + first.height / 2);
  await page.mouse.wheel(0, -600);
  await expect.poll(async () => (await lie()).width).toBeGreaterThan(first.width * 1.5);
  const zoomed = await lie();
  await page.mouse.down();
  await page.mouse.move(first.x + first.width / 2 + 40, first.y + first.height / 2 + 25, {
    steps: 4,
  });
  await page.mouse.up();
  await expect.poll(async () => Math.round((await lie()).x - zoomed.x)).toBe(40);
  expect(await page.getByRole("dialog").count()).toBe(0);
  await visit.leave();
});
