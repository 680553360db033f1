/** What TensorFlow's graph calls the convolutions that torchvision, and so the network here, calls otherwise. */

/** TensorFlow counts the blocks: Mixed_5b is `mixed`, Mixed_5c `mixed_1`. */
const BLOCKS = ["5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c"];
const STEM = ["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"];

/** A block's towers, each from its first convolution to its last; `conv` stands in none, and only some blocks have each. */
const TOWERS: Record<string, readonly (readonly [scope: string, ...convolutions: string[]])[]> = {
  5: [
    ["", "branch1x1"],
    ["tower/", "branch5x5_1", "branch5x5_2"],
    ["tower_1/", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"],
    ["tower_2/", "branch_pool"],
  ],
  "6a": [
    ["", "branch3x3"],
    ["tower/", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"],
  ],
  6: [
    ["", "branch1x1"],
    ["tower/", "branch7x7_1", "branch7x7_2", "branch7x7_3"],
    ["tower_1/", "branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"],
    ["tower_2/", "branch_pool"],
  ],
  "7a": [
    ["tower/", "branch3x3_1", "branch3x3_2"],
    ["tower_1/", "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"],
  ],
  7: [
    ["", "branch1x1"],
    ["tower/", "branch3x3_1"],
    ["tower/mixed/", "branch3x3_2a", "branch3x3_2b"],
    ["tower_1/", "branch3x3dbl_1", "branch3x3dbl_2"],
    ["tower_1/mixed/", "branch3x3dbl_3a", "branch3x3dbl_3b"],
    ["tower_2/", "branch_pool"],
  ],
};

const numbered = (name: string, i: number) => (i === 0 ? name : `${name}_${i}`);

/** TensorFlow's name scope of each convolution: `Mixed_5c.branch5x5_2` is `mixed_1/tower/conv_1`. */
export const TENSORFLOW_SCOPES: ReadonlyMap<string, string> = new Map([
  ...STEM.map((name, i) => [name, numbered("conv", i)] as const),
  ...BLOCKS.flatMap((block, at) =>
    (TOWERS[block] ?? TOWERS[block[0]!]!).flatMap(([scope, ...convolutions]) =>
      convolutions.map(
        (name, i) =>
          [`Mixed_${block}.${name}`, `${numbered("mixed", at)}/${scope}${numbered("conv", i)}`] as const,
      ),
    ),
  ),
]);
