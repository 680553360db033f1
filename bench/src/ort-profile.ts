// ONNX Runtime's profile of a session, read: how long each node of the graph took, and how many FLOPs it did.

/** One node of the graph as it ran, after the runtime's own fusions. */
export interface NodeProfile {
  operator: string;
  inputs: number[][];
  outputs: number[][];
  /** Of the iteration in which it took least: what other work on the machine disturbs least. */
  milliseconds: number;
  /** Of one run; undefined where they are not known. */
  flops: number | undefined;
}

export interface Profile {
  iterations: number;
  /** Of the fastest iteration, with what happens between kernels. */
  milliseconds: number;
  nodes: NodeProfile[];
}

interface Event {
  cat: string;
  name: string;
  /** Microseconds. */
  ts: number;
  dur: number;
  args: {
    op_name?: string;
    node_index?: string;
    input_type_shape?: Record<string, number[]>[];
    output_type_shape?: Record<string, number[]>[];
  };
}

/**
 * @param text the file that the runtime wrote
 * @param warmUps runs at the beginning that do not count
 * @throws Error if no other run is in it
 */
export function readProfile(text: string, warmUps: number): Profile {
  const events = JSON.parse(text) as Event[];
  const runs = events
    .filter(({ name }) => name === "model_run")
    .sort((a, b) => a.ts - b.ts)
    .slice(warmUps);
  const [first] = runs;
  if (!first) throw new Error(`the runtime's profile: expected more than ${warmUps} runs, found no more`);
  const nodes = new Map<string, NodeProfile>();
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== "Node" || !name.endsWith("_kernel_time") || ts < first.ts) continue;
    const milliseconds = dur / 1000;
    const key = `${args.node_index} ${name}`;
    const known = nodes.get(key);
    if (known) known.milliseconds = Math.min(known.milliseconds, milliseconds);
    else nodes.set(key, { ...describe(args), milliseconds });
  }
  const fastest = Math.min(...runs.map(({ dur }) => dur));
  return { iterations: runs.length, milliseconds: fastest / 1000, nodes: [...nodes.values()] };
}

function describe(args: Event["args"]): Omit<NodeProfile, "milliseconds"> {
  const shapes = (list: Record<string, number[]>[] = []) => list.flatMap((entry) => Object.values(entry));
  const operator = args.op_name ?? "?";
  const [inputs, outputs] = [shapes(args.input_type_shape), shapes(args.output_type_shape)];
  return { operator, inputs, outputs, flops: flopsOf(operator, inputs, outputs) };
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Multiply-adds x 2, of channels added to fill blocks too. Weights that the runtime packed beforehand have no shape in the profile. */
function flopsOf(operator: string, [a, b]: number[][], [out]: number[][]): number | undefined {
  if (!a || !out) return undefined;
  if (/^(Fused)?Conv$/.test(operator)) return b && 2 * size(out) * size(b.slice(1)); // b: [out, in / groups, kh, kw]
  if (/^ConvTranspose$/.test(operator)) return b && 2 * size(a) * size(b.slice(1)); // b: [in, out / groups, kh, kw]
  if (!/^(Fused|TransposeMatMul|)(MatMul|Gemm)$/.test(operator)) return undefined;
  const rows = out.at(-2) ?? 1;
  const terms = size(a) / (size(a.slice(0, -2)) * rows); // a is [..., rows, terms] or [..., terms, rows]
  return 2 * size(out) * terms;
}

export interface Share {
  /** An operator, or an operator and its shapes. */
  name: string;
  count: number;
  milliseconds: number;
  /** Of the time in all kernels. */
  share: number;
  /** Of the nodes whose FLOPs are known, if all are. */
  gflops: number | undefined;
}

/** Nodes of the same name together, by the time they take. */
export function shares(nodes: NodeProfile[], nameOf: (node: NodeProfile) => string): Share[] {
  const total = sum(nodes, ({ milliseconds }) => milliseconds);
  const groups = new Map<string, NodeProfile[]>();
  for (const node of nodes) groups.set(nameOf(node), [...(groups.get(nameOf(node)) ?? []), node]);
  return [...groups]
    .map(([name, members]) => {
      const milliseconds = sum(members, (node) => node.milliseconds);
      const flops = sum(members, (node) => node.flops ?? Number.NaN);
      const gflops = Number.isNaN(flops) ? undefined : flops / milliseconds / 1e6;
      return { name, count: members.length, milliseconds, share: milliseconds / total, gflops };
    })
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

export const byOperator = ({ operator }: NodeProfile): string => operator;

export function byShapes({ operator, inputs, outputs }: NodeProfile): string {
  const list = (shapes: number[][]) => shapes.map((shape) => shape.join("x") || "1").join(" ");
  return `${operator} ${list(inputs)} -> ${list(outputs)}`;
}

export function sum<T>(items: T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
