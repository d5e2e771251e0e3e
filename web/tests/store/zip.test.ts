import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { uniqueNames, zipOf } from "../../src/store/zip.ts";
import { FIXTURES, pythonProgram } from "../python.ts";

test("Python's zipfile reads what was put in, under its names and dates", async () => {
  const modified = new Date(2001, 1, 3, 4, 5, 6);
  const zip = await zipOf([
    { name: "Großmutter.color.jpg", blob: new Blob(["grey"]), modified },
    { name: "empty.png", blob: new Blob([]), modified },
    { name: "empty.png", blob: new Blob(["two"]), modified },
  ]);
  writeFileSync(`${FIXTURES}/some.zip`, new Uint8Array(await zip.arrayBuffer()));
  const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, z.read(i).decode(), list(i.date_time)] for i in z.infolist()]))`;
  const read = execFileSync(pythonProgram(), ["-c", script, `${FIXTURES}/some.zip`]);
  const date = [2001, 2, 3, 4, 5, 6];
  expect(JSON.parse(read.toString())).toEqual([
    ["Großmutter.color.jpg", "grey", date],
    ["empty.png", "", date],
    ["empty (2).png", "two", date],
  ]);
});

test("names that occur twice get a number", () => {
  expect(uniqueNames(["a.jpg", "a.jpg", "a", "a", "a.jpg"])).toEqual([
    "a.jpg",
    "a (2).jpg",
    "a",
    "a (2)",
    "a (3).jpg",
  ]);
});
