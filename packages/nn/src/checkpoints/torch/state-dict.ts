/** Which of a file's dicts is the state dict. */

import { StateDictError } from "../errors.ts";
import { Dict, kindOf, type Value } from "../pickle/values.ts";
import { TensorView } from "./values.ts";

/** Under these names a state dict is expected; training scripts put it there beside optimizers and counters. */
const USUAL_NAMES = ["state_dict", "model_state_dict", "model"];
/** Deeper than anybody nests state dicts. */
const MAX_DEPTH = 16;
/** The path of the file's outermost dict. */
const ROOT = ".";

export interface StateDict {
  views: Map<string, TensorView>;
  metadata: Record<string, string>;
}

/**
 * Finds the state dict: a dict that itself has tensors under names (strings).
 *
 * 1. `wanted`, the path of names that lead to it, joined with dots, decides if given.
 * 2. Otherwise a dict's entry `state_dict`, `model_state_dict` or `model` is looked into if exactly one of them has tensors
 *    somewhere inside; so from the file's outermost dict on.
 * 3. There, exactly one dict must have tensors. Optimizers' state is not in the way: its tensors stand under numbers.
 *
 * @throws StateDictError with the candidates, if there are none or several
 */
export function selectStateDict(path: string, root: Value, wanted: string | undefined): StateDict {
  if (!(root instanceof Dict)) {
    throw new StateDictError(path, `expected a dict of tensors, found ${kindOf(root)}`, []);
  }
  const candidates = candidatesIn(root);
  const names = candidates.map(({ path }) => path);
  const chosen =
    wanted === undefined ? usual(root, candidates) : candidates.find(({ path }) => path === wanted)?.dict;
  if (chosen !== undefined) return { views: tensorsOf(chosen), metadata: scalarsBeside(root, chosen) };
  if (names.length === 0) throw new StateDictError(path, "expected a dict of tensors, found none", []);
  const problem =
    wanted === undefined ? `found ${names.length} state dicts` : `found no state dict "${wanted}"`;
  throw new StateDictError(path, problem, names);
}

interface Candidate {
  path: string;
  dict: Dict;
}

/** All dicts with tensors. One that can be reached in several ways counts once, so a bomb of links is harmless. */
function candidatesIn(root: Dict): Candidate[] {
  const found: Candidate[] = [];
  const seen = new Set<Dict>();
  const visit = (dict: Dict, names: string[]): void => {
    if (seen.has(dict) || names.length > MAX_DEPTH) return;
    seen.add(dict);
    if (tensorsOf(dict).size > 0) found.push({ path: names.join(".") || ROOT, dict });
    for (const [key, value] of dict.entries) {
      if (typeof key === "string" && value instanceof Dict) visit(value, [...names, key]);
    }
  };
  visit(root, []);
  return found;
}

function usual(root: Dict, all: Candidate[]): Dict | undefined {
  let inside = all;
  for (let dict = root, depth = 0; depth < MAX_DEPTH; depth++) {
    const usual = USUAL_NAMES.map((name) => dict.entries.get(name))
      .filter((value) => value instanceof Dict)
      .map((value) => ({ value, candidates: candidatesIn(value) }))
      .filter(({ candidates }) => candidates.length > 0);
    if (usual.length !== 1) break;
    dict = usual[0]!.value;
    inside = usual[0]!.candidates;
  }
  return inside.length === 1 ? inside[0]!.dict : undefined;
}

function tensorsOf(dict: Dict): Map<string, TensorView> {
  const tensors = new Map<string, TensorView>();
  for (const [name, value] of dict.entries) {
    if (typeof name === "string" && value instanceof TensorView) tensors.set(name, value);
  }
  return tensors;
}

function scalarsBeside(root: Dict, chosen: Dict): Record<string, string> {
  if (root === chosen) return {};
  const scalars = [...root.entries].filter(
    ([key, value]) =>
      typeof key === "string" && ["string", "number", "bigint", "boolean"].includes(typeof value),
  );
  return Object.fromEntries(scalars.map(([key, value]) => [key, String(value)]));
}
