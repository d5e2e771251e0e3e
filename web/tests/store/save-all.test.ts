import { expect, test } from "vitest";
import { saveAll } from "../../src/store/save-all.ts";
import { Problem } from "../../src/texts/problem.ts";

const pictures = ["a.jpg", "b.jpg", "c.jpg"].map((name) => ({
  id: name,
  file: new File([], name),
}));

/** A darkroom that saves photos as `blob`, but for those of `broken`. */
function darkroomWith(blob: Blob, broken: readonly string[] = []) {
  return {
    save: async (name: string) => {
      if (broken.includes(name)) throw new Problem("fileGone");
      return { blob, name };
    },
  };
}

test("a photo that cannot be saved is left out, and named", async () => {
  const { zip, without } = await saveAll(darkroomWith(new Blob(["grey"]), ["b.jpg"]), pictures);
  expect(without).toEqual(["b.jpg"]);
  const bytes = await zip.text();
  expect(["a.jpg", "b.jpg", "c.jpg"].filter((name) => bytes.includes(name))).toEqual([
    "a.jpg",
    "c.jpg",
  ]);
});

test("where none can be saved, it is said why", async () => {
  const darkroom = darkroomWith(
    new Blob(),
    pictures.map(({ id }) => id),
  );
  await expect(saveAll(darkroom, pictures)).rejects.toMatchObject({ code: "fileGone" });
});

test("more than a ZIP can hold is refused, as soon as it is known", async () => {
  const saved: string[] = [];
  const large = { size: 2.5e9, arrayBuffer: async () => new ArrayBuffer(0) } as Blob;
  const darkroom = darkroomWith(large);
  const save = (name: string) => {
    saved.push(name);
    return darkroom.save(name);
  };
  await expect(saveAll({ save }, pictures)).rejects.toMatchObject({ code: "tooLargeForZip" });
  expect(saved).toEqual(["a.jpg", "b.jpg"]);
});
