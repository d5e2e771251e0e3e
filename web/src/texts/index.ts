/** The words in use. */

import { english, type Texts } from "./english.ts";

export const texts: Texts = english;

export type { Texts };
