/** The forms in which the network's weights are known: how each names and stores them. */

import { TENSORFLOW_SCOPES } from "./tensorflow-names.ts";

export interface Form {
  /** The tensors of the convolution that the network calls so: its filter, and what is added or normalised behind it. */
  names(convolution: string): { filter: string; bias: string } | NormNames;
  /** Of filters, from the slowest to the fastest. */
  axes: "OIHW" | "HWIO" | "OHWI";
  classifier: { name: string; axes: "OI" | "IO" };
}

export interface NormNames {
  filter: string;
  scale: string;
  offset: string;
  mean: string;
  variance: string;
}

const scopeOf = (convolution: string) => TENSORFLOW_SCOPES.get(convolution)!;

/** The state dict of pytorch-fid and torch-fidelity. */
const STATE_DICT: Form = {
  names: (convolution) => ({
    filter: `${convolution}.conv.weight`,
    scale: `${convolution}.bn.weight`,
    offset: `${convolution}.bn.bias`,
    mean: `${convolution}.bn.running_mean`,
    variance: `${convolution}.bn.running_var`,
  }),
  axes: "OIHW",
  classifier: { name: "fc.weight", axes: "OI" },
};

/** TensorFlow's graph. */
const GRAPH: Form = {
  names: (convolution) => ({
    filter: `${scopeOf(convolution)}/conv2d_params`,
    scale: `${scopeOf(convolution)}/batchnorm/gamma`,
    offset: `${scopeOf(convolution)}/batchnorm/beta`,
    mean: `${scopeOf(convolution)}/batchnorm/moving_mean`,
    variance: `${scopeOf(convolution)}/batchnorm/moving_variance`,
  }),
  axes: "HWIO",
  classifier: { name: "softmax/weights", axes: "IO" },
};

/** That graph's names with `_` for `/`, its batch norm folded already. */
const FOLDED_GRAPH: Form = {
  names(convolution) {
    const name = scopeOf(convolution).replaceAll("/", "_");
    return { filter: `${name}.weight`, bias: `${name}.bias` };
  },
  axes: "OHWI",
  classifier: { name: "softmax.weight", axes: "OI" },
};

/** What `convertWeights` makes. */
export const CONVERTED: Form = {
  names: (convolution) => ({ filter: `${convolution}.conv.weight`, bias: `${convolution}.conv.bias` }),
  axes: "OIHW",
  classifier: { name: "fc.weight", axes: "OI" },
};

/** The form that has these tensors, told by those of the first convolution. */
export function formOf(tensors: { has(name: string): boolean }): Form | undefined {
  const [first] = TENSORFLOW_SCOPES.keys();
  return [STATE_DICT, GRAPH, FOLDED_GRAPH, CONVERTED].find(({ names }) =>
    Object.values(names(first!)).every((name) => tensors.has(name)),
  );
}

/** What TensorFlow's graph calls the network's weights. */
export function graphConstants(): Set<string> {
  const names = [...TENSORFLOW_SCOPES.keys()].flatMap((convolution) =>
    Object.values(GRAPH.names(convolution)),
  );
  return new Set([...names, GRAPH.classifier.name]);
}
