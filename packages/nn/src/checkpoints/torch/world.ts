/** What torch.save's pickles refer to: the globals of the allow-list, and storages by persistent ids. */

import { InvalidCheckpointError } from "../errors.ts";
import type { PickleWorld } from "../pickle/machine.ts";
import { kindOf, Tuple, type Value } from "../pickle/values.ts";
import { torchGlobals } from "./globals.ts";
import { isSize, Storage, StorageType } from "./values.ts";

/** @param where for messages */
export function torchWorld(where: string): PickleWorld {
  return { global: torchGlobals(where), persistent: (id) => storage(where, id) };
}

/** ("storage", type, key, device, number of elements), and in the older format a view of it: None since PyTorch 0.4. */
function storage(where: string, id: Value): Storage {
  const [tag, type, key, , elements, view] = id instanceof Tuple ? id.items : [];
  const fail = (expected: string, found: Value | undefined) =>
    new InvalidCheckpointError(`${where}: a persistent id`, expected, kindOf(found));
  if (tag !== "storage") throw fail('a tuple that begins with "storage"', id);
  if (!(type instanceof StorageType)) throw fail("a storage type", type);
  if (typeof key !== "string") throw fail("a storage's name", key);
  if (!isSize(elements)) throw fail("a number of elements, 0 or more", elements);
  if (view !== undefined && view !== null) throw fail("a whole storage", view);
  return new Storage(key, type.dtype, elements);
}
