import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { BrowserContextOptions } from "playwright-core";
import { expect, test } from "vitest";
import { PHONE, Visit, withBrowser } from "./visit.ts";

withBrowser();

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong with the page as it is. */
async function violations(visit: Visit): Promise<string[]> {
  const found = await visit.page.evaluate(async (axe) => {
    if (!("axe" in globalThis)) new Function(axe)();
    const { axe: loaded } = globalThis as unknown as {
      axe: { run(how: RunOptions): Promise<AxeResults> };
    };
    return (await loaded.run({ rules: { "target-size": { enabled: true } } })).violations;
  }, AXE);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

const WAYS: [string, BrowserContextOptions][] = [
  ["wide, light", { colorScheme: "light", viewport: { width: 1440, height: 900 } }],
  ["wide, dark", { colorScheme: "dark", viewport: { width: 1440, height: 900 } }],
  ["phone, light", { ...PHONE, colorScheme: "light" }],
  ["phone, dark", { ...PHONE, colorScheme: "dark" }],
];

test.each(WAYS)("%s: nothing stands in anybody's way", async (name, options) => {
  const visit = await Visit.to(undefined, { ...options, bypassCSP: true });
  const { page } = visit;
  const look = async (state: string): Promise<void> => {
    expect([state, await violations(visit)]).toEqual([state, []]);
    await visit.shot(`${name.replace(", ", "-")}-${state}`);
  };
  await look("welcome");
  await visit.give("portrait.jpg", "launch.jpg", "coffee.jpg", "page.jpg");
  await visit.coloured(3);
  await look("bench");
  await visit.press(0.45, 0.75);
  await page.getByRole("group", { name: "Likely here" }).getByRole("button").first().waitFor();
  await look("colours");
  await page.getByRole("group", { name: "Likely here" }).getByRole("button").nth(1).click();
  await page.getByRole("button", { name: "More ways to save" }).click();
  await look("saving");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "page.jpg, failed" }).click();
  await look("failed");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  await visit.leave();
});
