/** The networks that read digits, and which of them a checkpoint is of. */

import type { Checkpoint } from "@touchstone/nn";
import { UnknownNetworkError } from "../errors.ts";
import { homework } from "./homework.ts";
import type { Network } from "./network.ts";
import { touchstone } from "./touchstone.ts";

export type { Network } from "./network.ts";
export { homework, touchstone };

export const NETWORKS: readonly Network[] = [touchstone, homework];

/**
 * The network that has the checkpoint's first parameter that any has; whether the others fit is for `loadParams` to say.
 *
 * @throws UnknownNetworkError
 */
export function networkOf({ path, tensors }: Pick<Checkpoint, "path" | "tensors">): Network {
  const names = [...tensors.keys()];
  const network = NETWORKS.find(({ specs }) => names.some((name) => name in specs));
  if (network) return network;
  const expected = NETWORKS.map(({ specs }) => Object.keys(specs)[0]).join(" ... or ");
  const found = names.length === 0 ? "no tensors" : names.slice(0, 3).join(", ");
  throw new UnknownNetworkError(path, `${expected} ...`, found);
}
