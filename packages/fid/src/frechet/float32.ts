/** The Frechet distance with its costly part in float32 on a device: how it compares with float64 is in docs/fid.md. */

import type { Work } from "@touchstone/cli";
import type { Device } from "@touchstone/jit";
import { float32Factor } from "../linear-algebra/index.ts";
import type { Statistics } from "../statistics/index.ts";
import type { FrechetOptions } from "./frechet-distance.ts";
import { type DeviceOptions, nuclearNorm } from "./nuclear-norm.ts";
import { covarianceTermOf, divisorOf, requireCovariances, sideOf, termsOf } from "./terms.ts";

export interface Float32Distance {
  /** |mu1 - mu2|^2 + tr(S1) + tr(S2) - 2 tr((S1 S2)^(1/2)), at least 0; the last trace in float32. */
  distance: number;
  /** |mu1 - mu2|^2, in float64. */
  meanTerm: number;
  /** The rest. */
  covarianceTerm: number;
  device: Device;
}

/**
 * As `frechetDistance`, from the same F with F^T F = S: their product F1 F2^T and the sum of its singular values are computed on the
 * device. Features of up to as many images as dimensions are F themselves, so that nothing else remains; a covariance is factored in
 * float64 on the CPU before.
 *
 * @throws DimensionMismatchError, NonFiniteStatisticsError, NotACovarianceError, MatrixTooLargeError; DeviceUnavailableError, RuntimeFailure
 */
export async function* frechetDistanceFloat32(
  a: Statistics,
  b: Statistics,
  { names, ...options }: DeviceOptions & Pick<FrechetOptions, "names"> = {},
): Work<Float32Distance> {
  const terms = termsOf(a, b, names);
  const [f1, f2] = [float32Factor(sideOf(a), a.dims), float32Factor(sideOf(b), b.dims)];
  requireCovariances(terms, [f1.leftOut, f2.leftOut], names);
  const { value, device } = yield* nuclearNorm(f1, f2, options);
  const scale = Math.sqrt(divisorOf(a)) * Math.sqrt(divisorOf(b));
  const covarianceTerm = covarianceTermOf(terms, value / scale);
  const { meanTerm } = terms;
  return { distance: Math.max(0, meanTerm + covarianceTerm), meanTerm, covarianceTerm, device };
}
