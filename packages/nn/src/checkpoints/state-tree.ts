/**
 * A training state's structure as JSON, with the tensors apart. A leaf is a string: its kind and, after a space, its text.
 * So NaN, infinities and -0 survive, and a leaf is never mistaken for an object.
 */

import * as tf from "@tensorflow/tfjs";
import { InvalidCheckpointError, UnstorableError } from "./errors.ts";
import type { HostTensor } from "./host-tensor.ts";
import { fromHost, isTfTensor } from "./tf-tensor.ts";

/** Deeper than anybody nests a state; what is in a cycle is deeper still. */
const MAX_DEPTH = 64;
const TENSOR = "tensor";

type Path = readonly (string | number)[];
type Json = string | Json[] | { [key: string]: Json };

export interface EncodedTree {
  json: string;
  /** By path, the names joined with dots. */
  tensors: Map<string, tf.Tensor>;
}

/** @throws UnstorableError for anything but plain objects, arrays, tensors, numbers, strings, booleans and null */
export function encodeTree(state: object): EncodedTree {
  const tensors = new Map<string, tf.Tensor>();

  function encode(node: unknown, path: Path): Json {
    const name = nameOf(path);
    const fail = (expected: string, found: string) =>
      new UnstorableError(`The training state's ${name}`, expected, found);
    if (path.length > MAX_DEPTH) throw fail(`a depth of at most ${MAX_DEPTH}`, "more, or a cycle");
    if (node instanceof tf.Tensor) {
      if (tensors.has(name)) throw fail("each path, joined with dots, once", "two tensors there");
      tensors.set(name, node);
      return TENSOR;
    }
    if (Array.isArray(node)) return node.map((item, i) => encode(item, [...path, i]));
    if (isPlainObject(node)) return mapEntries(node, (value, key) => encode(value, [...path, key]));
    const text = scalarText(node);
    if (text === undefined) throw fail(EXPECTED, kindOf(node));
    return text;
  }

  return { json: JSON.stringify(encode(state, [])), tensors };
}

export interface DecodedTree {
  tree: unknown;
  /** Every difference from `like`; see `loadTrainingState`. */
  mismatches: string[];
}

/**
 * The tree with its tensors.
 *
 * @param where for messages: the file  @throws InvalidCheckpointError if the JSON is not such a tree of these tensors
 */
export function decodeTree(
  json: string,
  tensors: ReadonlyMap<string, HostTensor>,
  like: object,
  where: string,
): DecodedTree {
  const mismatches: string[] = [];
  const used = new Set<string>();
  const invalid = (path: Path, expected: string, found: string) =>
    new InvalidCheckpointError(`${where}: the state's ${nameOf(path)}`, expected, found);

  function decode(node: unknown, like: unknown, path: Path): unknown {
    if (path.length > MAX_DEPTH) throw invalid(path, `a depth of at most ${MAX_DEPTH}`, "more");
    const value = node === TENSOR ? tensorAt(path) : decodeNode(node, like, path);
    const [expected, found] = [kindOf(like), kindOf(value)];
    if (like !== null && expected !== found) {
      mismatches.push(`${nameOf(path)}: expected ${expected}, found ${found}`);
    }
    return value;
  }

  function decodeNode(node: unknown, like: unknown, path: Path): unknown {
    if (typeof node === "string") {
      const value = scalarValue(node);
      if (value !== undefined) return value;
      throw invalid(path, "a number, string, boolean, null or tensor", node.slice(0, 40));
    }
    if (Array.isArray(node)) {
      const open = !Array.isArray(like) || like.length === 0;
      if (!open && like.length !== node.length) {
        mismatches.push(`${nameOf(path)}: expected a list of ${like.length}, found one of ${node.length}`);
      }
      return node.map((item, i) => decode(item, open ? null : (like[i] ?? null), [...path, i]));
    }
    if (!isPlainObject(node)) throw invalid(path, "an object, a list or a string", String(node));
    const children = isPlainObject(like) ? like : undefined;
    for (const key of Object.keys(children ?? {})) {
      if (!Object.hasOwn(node, key)) mismatches.push(`${nameOf([...path, key])}: expected it, found nothing`);
    }
    return mapEntries(node, (item, key) => {
      const known = children === undefined || Object.hasOwn(children, key);
      if (!known) mismatches.push(`${nameOf([...path, key])}: expected nothing, found it`);
      return decode(item, known ? (children?.[key] ?? null) : null, [...path, key]);
    });
  }

  function tensorAt(path: Path): tf.Tensor {
    const name = nameOf(path);
    const tensor = tensors.get(name);
    if (tensor === undefined || used.has(name)) throw invalid(path, `a tensor "${name}"`, "none");
    if (!isTfTensor(tensor)) throw invalid(path, "a tensor of a type that tf has", tensor.dtype);
    used.add(name);
    return fromHost(tensor);
  }

  const tree = decode(parse(json, where), like, []);
  if (mismatches.length === 0 && used.size < tensors.size) {
    throw new InvalidCheckpointError(where, `${used.size} tensors, as the state says`, `${tensors.size}`);
  }
  return { tree, mismatches };
}

const EXPECTED = "a tensor, number, string, boolean, null, or a plain object or array of these";

function scalarText(value: unknown): string | undefined {
  if (value === null) return "null";
  if (typeof value === "number") return `number ${Object.is(value, -0) ? "-0" : value}`;
  if (typeof value === "string" || typeof value === "boolean") return `${typeof value} ${value}`;
  return undefined;
}

function scalarValue(text: string): null | number | string | boolean | undefined {
  const [, kind, rest] = /^(\w+) ?(.*)$/s.exec(text) ?? [];
  if (kind === "string") return rest;
  const value = kind === "number" ? Number(rest) : kind === "boolean" ? rest === "true" : null;
  return scalarText(value) === text ? value : undefined;
}

/** For comparison and for messages. */
function kindOf(value: unknown): string {
  if (value instanceof tf.Tensor) return `tensor ${value.dtype} [${value.shape.join(", ")}]`;
  if (Array.isArray(value)) return "list";
  if (typeof value !== "object" || isPlainObject(value)) return typeof value;
  return value === null ? "null" : value.constructor.name;
}

function nameOf(path: Path): string {
  return path.join(".") || "(root)";
}

function parse(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const message = (error as Error).message;
    throw new InvalidCheckpointError(where, "a training state in JSON", message, { cause: error });
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function mapEntries<T>(
  object: Record<string, unknown>,
  f: (value: unknown, key: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value, key)]));
}
