import { expect, test } from "vitest";
import { compared, nameOf, Visit, withBrowser } from "./visit.ts";

withBrowser();

test("what is no picture is said in words, and stops nothing else", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("page.jpg", "empty.jpg", "cut off.jpg", "turned-1.jpg");
  await page.locator(".frame-failed").nth(2).waitFor();
  await page.locator(".frame-ready").waitFor();
  for (const [name, words] of [
    ["page.jpg", "not a picture that this browser can read"],
    ["empty.jpg", "This file is empty"],
    ["cut off.jpg", "This picture is damaged"],
  ]) {
    await page.getByRole("button", { name: `${name}, failed` }).click();
    await page.getByRole("alert").getByText(words).waitFor();
  }
  await page.getByRole("button", { name: "turned-1.jpg, coloured" }).click();
  await page.locator("canvas[role=img]").waitFor();
  await visit.leave();
}, 60_000);

test("without the model the server is offered, and colours the photograph", async () => {
  const visit = await Visit.to("about:blank", { serviceWorkers: "block" });
  const { page } = visit;
  await visit.context.route("**/*.onnx*", (route) => route.abort());
  await visit.open();
  await page.getByText("The colour model could not be loaded").waitFor();
  await visit.give("portrait.png");
  await page.getByRole("button", { name: "Use the server instead" }).click();
  await visit.coloured();
  const { difference } = await compared("portrait.png", await visit.save());
  expect(difference).toBeLessThan(1);
  await visit.leave();
});

test("what failed for want of the model is coloured once it is there", async () => {
  const visit = await Visit.to("about:blank", { serviceWorkers: "block" });
  const { page } = visit;
  await visit.context.route("**/*.onnx*", (route) => route.abort());
  await visit.open();
  await visit.give("portrait.png", "turned-1.jpg");
  await page.locator(".frame-failed").nth(1).waitFor();
  await visit.context.unroute("**/*.onnx*");
  await page.getByRole("button", { name: "Try again" }).click();
  await visit.coloured(2);
  await visit.leave();
});

test("a picture that is too large says what colours it, and that is not the server", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("wall.png");
  await page.getByRole("alert").getByText("photochrom colorize --max-megapixels").waitFor();
  expect(await page.getByRole("button", { name: "Use the server instead" }).count()).toBe(0);
  await visit.leave();
});

test("16 bits a channel are saved as 8, and the page says so", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("portrait.png", "deep.png");
  await visit.coloured(2);
  expect(await page.getByText("bits a channel").count()).toBe(0);
  await page.getByRole("button", { name: "deep.png, coloured" }).click();
  await page.getByText("It has more than 8 bits a channel, and is saved with 8").waitFor();
  await visit.leave();
});

test("the server reads what the browser does not, and gives it back in its own format", async () => {
  const visit = await Visit.to();
  const { page } = visit;
  await visit.give("scan.tif");
  await page.getByRole("alert").getByText("The server may be able to read it").waitFor();
  await page.getByRole("button", { name: "Use the server instead" }).click();
  await visit.coloured();
  await visit.press(0.5, 0.5);
  await page.getByRole("group", { name: "Other colours" }).getByRole("button").nth(2).click();
  const saved = await visit.save();
  expect(nameOf(saved)).toBe("scan.color.tif");
  expect((await compared("scan.tif", saved)).size).toEqual([320, 240]);
  await visit.leave();
});
