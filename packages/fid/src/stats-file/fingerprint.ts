/** How statistics were computed, and whether two of them may be compared. */

import { weightsIdentity } from "../inception/original-weights.ts";
import { type Difference, InvalidStatisticsError, UnlikeProtocolsError } from "./errors.ts";

export interface Fingerprint {
  /** Name of the network, such as `inception-v3-fid`. */
  extractor: string;
  /** Version of the code that ran it. */
  version: string;
  /** Of the network's weights, 64 hexadecimal digits; the original Inception weights have one, whichever published file held them. */
  weightsSha256: string;
  /** How images were brought to the network's size. */
  resize: string;
  /** Features of an image. */
  dims: number;
  /** Images. */
  n: number;
  /** Of the set of image files. */
  filesSha256: string;
}

/** How features were computed, of whatever images. */
export type Protocol = Omit<Fingerprint, "n" | "filesSha256">;

/** What must agree; `n` and `filesSha256` say which images they were, which may differ. */
const PROTOCOL = {
  extractor: "extractor",
  version: "version",
  weightsSha256: "weights (sha256)",
  resize: "resize mode",
  dims: "features",
} as const satisfies Record<keyof Protocol, string>;

export function protocolDifferences(a: Protocol, b: Protocol): Difference[] {
  return (Object.keys(PROTOCOL) as (keyof typeof PROTOCOL)[])
    .filter((key) => a[key] !== b[key])
    .map((key) => ({ field: PROTOCOL[key], first: String(a[key]), second: String(b[key]) }));
}

/**
 * Refuses a comparison across protocols. Where a fingerprint is missing (a plain .npz of another program) there is nothing to
 * refuse by: the caller should say that the protocol is unknown.
 *
 * @param force compare all the same
 * @throws UnlikeProtocolsError
 */
export function requireSameProtocol(
  a: Protocol | undefined,
  b: Protocol | undefined,
  { force = false }: { force?: boolean } = {},
): void {
  if (a === undefined || b === undefined || force) return;
  const differences = protocolDifferences(a, b);
  if (differences.length > 0) throw new UnlikeProtocolsError(differences);
}

/** @throws InvalidStatisticsError naming what is wrong with it */
export function parseFingerprint(value: unknown, where: string): Fingerprint {
  const fields = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const take = <T>(name: string, expected: string, valid: (x: unknown) => x is T): T => {
    const found = fields[name];
    if (valid(found)) return found;
    throw new InvalidStatisticsError(
      where,
      `"${name}" to be ${expected}`,
      JSON.stringify(found) ?? "nothing",
    );
  };
  const text = (x: unknown): x is string => typeof x === "string" && x.length > 0 && x.length <= 200;
  const hash = (x: unknown): x is string => typeof x === "string" && /^[0-9a-f]{64}$/.test(x);
  const count = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) > 0;
  return {
    extractor: take("extractor", "a name", text),
    version: take("version", "a version", text),
    // Files of earlier versions have the hash of the graph where that held the weights.
    weightsSha256: weightsIdentity(take("weightsSha256", "64 hexadecimal digits", hash)),
    resize: take("resize", "a resize mode", text),
    dims: take("dims", "a positive whole number", count),
    n: take("n", "a positive whole number", count),
    filesSha256: take("filesSha256", "64 hexadecimal digits", hash),
  };
}
