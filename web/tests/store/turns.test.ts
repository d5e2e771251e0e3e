import { expect, test } from "vitest";
import { Turns } from "../../src/store/turns.ts";

test("work is done one after the other, what is urgent first", async () => {
  const turns = new Turns();
  const done: string[] = [];
  let underWay = 0;
  const work = (name: string) => async () => {
    expect(++underWay).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay--;
    done.push(name);
  };
  let urgent = "";
  const all = ["a", "b", "c"].map((name) => turns.take(work(name), () => urgent === name));
  urgent = "c";
  await Promise.all(all);
  expect(done).toEqual(["a", "c", "b"]);
});

test("what is claimed is not claimed again until it is released", () => {
  const turns = new Turns();
  expect([turns.claim("a"), turns.claim("a"), turns.claim("b")]).toEqual([true, false, true]);
  turns.release("a");
  expect(turns.claim("a")).toBe(true);
});
