/**
 * Trees: nested plain objects and arrays whose leaves are tensors, typed arrays or static values.
 * Flattening visits object keys in sorted order, so that two trees with the same keys have the same signature.
 */

import * as tf from "@tensorflow/tfjs";
import { TreeError } from "./errors.ts";

export type FeedArray = Float32Array | Int32Array | Uint8Array;
export type Static = number | boolean | string | null | undefined;

/** A type in which every tensor may also be given as a typed array (of shape [length]). */
export type Feed<T> = T extends tf.Tensor
  ? T | FeedArray
  : T extends FeedArray | Static
    ? T
    : T extends readonly unknown[]
      ? { [K in keyof T]: Feed<T[K]> }
      : T extends object
        ? { [K in keyof T]: Feed<T[K]> }
        : T;

export type Leaf = { kind: "tensor"; value: tf.Tensor | FeedArray } | { kind: "static"; value: Static };

/** Structure of a tree: what is needed to build it again around other leaves. */
export type TreeDef =
  | { kind: "leaf" }
  | { kind: "array"; items: TreeDef[] }
  | { kind: "object"; keys: string[]; items: TreeDef[] };

export interface Flattened {
  def: TreeDef;
  leaves: Leaf[];
  /** Where each leaf stands, such as `args[0].net.weight`; all are made when one is first asked for, since they are for messages. */
  path(index: number): string;
}

export function flatten(tree: unknown, root: string): Flattened {
  const leaves: Leaf[] = [];
  const def = walk(tree, root, leaves, new Set());
  let paths: string[] | undefined;
  const path = (index: number) => {
    paths ??= leafPaths(def, root);
    return paths[index] ?? root;
  };
  return { def, leaves, path };
}

/** Rebuilds the tree of `def` with `leaves` in flattening order. */
export function unflatten(def: TreeDef, leaves: readonly unknown[]): unknown {
  let next = 0;
  const build = (node: TreeDef): unknown => {
    if (node.kind === "leaf") return leaves[next++];
    const items = node.items.map(build);
    if (node.kind === "array") return items;
    return Object.fromEntries(node.keys.map((key, i) => [key, items[i]]));
  };
  return build(def);
}

/** A string that is equal for two trees exactly when they have the same structure. */
export function describe(def: TreeDef): string {
  if (def.kind === "leaf") return "*";
  if (def.kind === "array") return `[${def.items.map(describe).join()}]`;
  return `{${def.items.map((item, i) => `${JSON.stringify(def.keys[i])}:${describe(item)}`).join()}}`;
}

export function isFeedArray(x: unknown): x is FeedArray {
  return x instanceof Float32Array || x instanceof Int32Array || x instanceof Uint8Array;
}

function walk(node: unknown, path: string, leaves: Leaf[], ancestors: Set<object>): TreeDef {
  if (node instanceof tf.Tensor || isFeedArray(node)) {
    leaves.push({ kind: "tensor", value: node });
    return { kind: "leaf" };
  }
  if (node === null || node === undefined || ["number", "boolean", "string"].includes(typeof node)) {
    leaves.push({ kind: "static", value: node as Static });
    return { kind: "leaf" };
  }
  if (typeof node !== "object") throw new TreeError(path, `a ${typeof node}`, EXPECTED);
  if (ancestors.has(node)) throw new TreeError(path, "a cycle", EXPECTED);
  ancestors.add(node);
  const def = walkChildren(node, path, leaves, ancestors);
  ancestors.delete(node);
  return def;
}

function walkChildren(node: object, path: string, leaves: Leaf[], ancestors: Set<object>): TreeDef {
  if (Array.isArray(node)) {
    return { kind: "array", items: node.map((item, i) => walk(item, `${path}[${i}]`, leaves, ancestors)) };
  }
  const prototype = Object.getPrototypeOf(node);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TreeError(path, `a ${node.constructor?.name ?? "class instance"}`, EXPECTED);
  }
  const keys = Object.keys(node).sort();
  const record = node as Record<string, unknown>;
  return {
    kind: "object",
    keys,
    items: keys.map((key) => walk(record[key], `${path}.${key}`, leaves, ancestors)),
  };
}

const EXPECTED =
  "a tf.Tensor, Float32Array, Int32Array, Uint8Array, number, boolean, string, or a plain object or array of these";

function leafPaths(def: TreeDef, path: string): string[] {
  if (def.kind === "leaf") return [path];
  const name = (i: number): string => (def.kind === "array" ? `[${i}]` : `.${def.keys[i]}`);
  return def.items.flatMap((item, i) => leafPaths(item, path + name(i)));
}
