/** Before the tests: what Python computes is written down anew. */

import { FIXTURES, python } from "./python.ts";

export default function setup(): void {
  python("tests/expected.py", FIXTURES);
}
