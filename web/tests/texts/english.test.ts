import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { WEB } from "../python.ts";

test("every word that is shown stands in the one file", () => {
  const folder = `${WEB}src/ui`;
  const words = readdirSync(folder)
    .filter((name) => name.endsWith(".tsx"))
    .flatMap((name) =>
      [...readFileSync(`${folder}/${name}`, "utf8").matchAll(/>\s*([A-Za-z][A-Za-z ,.]{3,})\s*</g)]
        .map(([, text]) => `${name}: ${text}`)
        .filter((text) => !/=>|Readonly|Promise/.test(text)),
    );
  expect(words).toEqual([]);
});

test("files are short", () => {
  const long = readdirSync(`${WEB}src`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith("schema.d.ts"))
    .filter((name) => readFileSync(`${WEB}src/${name}`, "utf8").split("\n").length > 301);
  expect(long).toEqual([]);
});
