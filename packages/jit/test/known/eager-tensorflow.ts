/** */

import type { KnownFailure } from "./failures.ts";

export const eagerTensorflow: readonly KnownFailure[] = [];
