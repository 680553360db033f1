/** How many threads a network computes with. */

import { JitError } from "../errors.ts";

const VARIABLE = "TOUCHSTONE_THREADS";

/**
 * As an option of ONNX Runtime's sessions. Where nobody says, TOUCHSTONE_THREADS does; without it, the runtime takes one for each core.
 *
 * @throws JitError with the code JIT_THREADS if the variable is no whole number from 1 on
 */
export function threadsOption(threads: number | undefined): { intraOpNumThreads?: number } {
  const count = threads ?? threadsOfEnvironment();
  return count === undefined ? {} : { intraOpNumThreads: count };
}

function threadsOfEnvironment(): number | undefined {
  const text = process.env[VARIABLE];
  if (text === undefined || text === "") return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new JitError("JIT_THREADS", `${VARIABLE}: expected a whole number from 1 on, found "${text}".`);
  return Number(text);
}
