import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FIXTURES, pythonProgram, WEB } from "../python.ts";

test("the client's types are those of the server's API", () => {
  const fresh = `${FIXTURES}/schema.d.ts`;
  execFileSync("node", [`${WEB}api.mjs`, fresh], {
    env: { ...process.env, WEB_PYTHON: pythonProgram() },
  });
  const types = readFileSync(`${WEB}src/server/schema.d.ts`, "utf8");
  expect(types === readFileSync(fresh, "utf8"), "stale: run make reference").toBe(true);
});
