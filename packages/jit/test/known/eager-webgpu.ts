/** */

import type { KnownFailure } from "./failures.ts";

export const eagerWebgpu: readonly KnownFailure[] = [];
