/** What a Frechet distance is called: FID only where the features are the FID Inception network's. */

import type { Protocol } from "../stats-file/index.ts";

/** Name of the FID Inception network in fingerprints. */
export const INCEPTION = "inception-v3-fid";
/** Features that a FID without a number has. */
const FID_DIMS = 2048;

/** @param protocol absent where nobody knows how the features came about */
export function distanceName(protocol: Pick<Protocol, "extractor" | "dims"> | undefined): string {
  if (protocol === undefined) return "Frechet distance";
  const { extractor, dims } = protocol;
  if (extractor !== INCEPTION) return `FD(${extractor})`;
  return dims === FID_DIMS ? "FID" : `FID-${dims}`;
}
