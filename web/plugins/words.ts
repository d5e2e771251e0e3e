/** The words of index.html, which stand in the texts with all others: `{{noScript}}` there. */

import type { Plugin } from "vite";
import { texts } from "../src/texts/index.ts";

export function words(): Plugin {
  const named: Readonly<Record<string, string>> = texts.page;
  return {
    name: "photochrom-words",
    transformIndexHtml: {
      order: "pre",
      handler: (html) =>
        html
          .replace('lang="en"', `lang="${texts.language}"`)
          .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
            const word = named[name];
            if (word === undefined)
              throw new Error(`index.html asks for ${name}, which no text is`);
            return word.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
          }),
    },
  };
}
