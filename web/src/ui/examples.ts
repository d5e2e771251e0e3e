/** Photographs to try, public domain or CC0, of scikit-image; `make pictures` has made them grey. */

import astronaut from "../../pictures/astronaut.jpg?url";
import chelsea from "../../pictures/chelsea.jpg?url";
import rocket from "../../pictures/rocket.jpg?url";

export interface Example {
  readonly name: "astronaut" | "rocket" | "chelsea";
  readonly url: string;
}

export const EXAMPLES: readonly Example[] = [
  { name: "astronaut", url: astronaut },
  { name: "rocket", url: rocket },
  { name: "chelsea", url: chelsea },
];

export async function fetchExample({ name, url }: Example): Promise<File> {
  const blob = await (await fetch(url)).blob();
  return new File([blob], `${name}.jpg`, { type: "image/jpeg" });
}
