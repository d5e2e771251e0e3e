/** Many photos as one file. */

import { asProblem, Problem } from "../texts/problem.ts";
import type { Darkroom } from "./darkroom.ts";
import type { Picture } from "./picture.ts";
import { checkFits, type ZipEntry, zipOf } from "./zip.ts";

export interface SavedAll {
  readonly zip: Blob;
  /** Photos that could not be saved, by name. */
  readonly without: readonly string[];
}

/** Throws `Problem` where no photo can be saved, and where all of them are too much for a ZIP. */
export async function saveAll(
  darkroom: Pick<Darkroom, "save">,
  pictures: readonly Pick<Picture, "id" | "file">[],
): Promise<SavedAll> {
  const entries: ZipEntry[] = [];
  const without: string[] = [];
  let problem = new Problem("unexpected");
  for (const { id, file } of pictures) {
    try {
      const saved = await darkroom.save(id, "ordinary");
      entries.push({ ...saved, modified: new Date(file.lastModified) });
    } catch (error) {
      problem = asProblem(error);
      without.push(file.name);
    }
    checkFits(entries);
  }
  if (entries.length === 0) throw problem;
  return { zip: await zipOf(entries), without };
}
