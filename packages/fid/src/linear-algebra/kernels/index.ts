/** What the binary exports (`scripts/build-kernels.ts` builds it). The compiler takes no `export ... from` a name with an extension. */

import { factorAt, factorBytes, factorMatrix, factorOrderAt } from "./factor.ts";
import { gram, gramBytes, gramRowsAt } from "./gram.ts";
import { plan, resultsAt, rowBytes, run, side1At, side2At } from "./trace-of-root.ts";

export {
  factorAt,
  factorBytes,
  factorMatrix,
  factorOrderAt,
  gram,
  gramBytes,
  gramRowsAt,
  plan,
  resultsAt,
  rowBytes,
  run,
  side1At,
  side2At,
};
