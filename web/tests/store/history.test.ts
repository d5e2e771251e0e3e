import { describe, expect, test } from "vitest";
import { changed, historyOf, redone, settled, undone } from "../../src/store/history.ts";

describe("a history", () => {
  const three = changed(changed(historyOf(1), 2), 3);

  test("goes back and forth", () => {
    expect(undone(three).now).toBe(2);
    expect(undone(undone(three)).now).toBe(1);
    expect(redone(undone(undone(three))).now).toBe(2);
  });

  test("stays where there is nothing before or after", () => {
    expect(undone(historyOf(1))).toEqual(historyOf(1));
    expect(redone(three)).toEqual(three);
  });

  test("forgets what was undone when something else is done", () => {
    expect(redone(changed(undone(three), 9)).now).toBe(9);
  });

  test("takes a slider's way as one step", () => {
    const slid = changed(
      changed(changed(historyOf(1), 2, "strength"), 3, "strength"),
      4,
      "strength",
    );
    expect(undone(slid).now).toBe(1);
    const twice = changed(settled(slid), 5, "strength");
    expect(undone(twice).now).toBe(4);
  });
});
