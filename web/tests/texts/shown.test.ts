import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { english } from "../../src/texts/english.ts";
import { WEB } from "../python.ts";

/** Words that are found by a name that is known only when the page runs. */
const CHOSEN = /^(problems|phase|welcome\.exampleNames|page|language)\b/;

function pathsOf(texts: object, before = ""): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === "object" ? pathsOf(text, `${before}${name}.`) : [`${before}${name}`],
  );
}

test("every word of the file is shown somewhere", () => {
  const source = readdirSync(`${WEB}src/ui`)
    .map((name) => readFileSync(`${WEB}src/ui/${name}`, "utf8"))
    .join("");
  const unseen = pathsOf(english)
    .filter((path) => !CHOSEN.test(path) && !source.includes(`texts.${path}`))
    .filter((path) => !source.includes(`texts.${path.replace(/\.\w+$/, "")}[`));
  expect(unseen).toEqual([]);
});

test("what went wrong has words for every problem that is raised, and no others", () => {
  const source = readdirSync(`${WEB}src`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith("texts/english"))
    .map((name) => readFileSync(`${WEB}src/${name}`, "utf8"))
    .join("");
  const unseen = Object.keys(english.problems).filter((code) => !source.includes(`"${code}"`));
  expect(unseen).toEqual([]);
});

test("the page's own words come from the same file", () => {
  const page = readFileSync(`${WEB}index.html`, "utf8");
  const asked = [...page.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  expect(asked.sort()).toEqual(Object.keys(english.page).sort());
});
