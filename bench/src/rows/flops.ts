// Multiply-adds x 2 of one image's forward pass through each network, by the shapes of its parameters.
import { criticSpecs, dannSpecs, discriminatorSpecs, generatorSpecs, unetSpecs } from "@touchstone/models";
import type { ParamSpecs } from "@touchstone/nn";

/** The gradients by the input and by the weights each cost what the forward pass does. */
export const FORWARD_AND_BACKWARD = 3;

/** `uses`: how often an image multiplies each number of a parameter: pixels of a convolution's map, tokens of a linear layer. */
function flops(specs: ParamSpecs, uses: (name: string) => number): number {
  return Object.entries(specs)
    .filter(([, { shape }]) => shape.length > 1)
    .reduce((sum, [name, { shape }]) => sum + 2 * uses(name) * shape.reduce((a, b) => a * b, 1), 0);
}

/** Where a layer stands in a Sequential called `net`. */
const position = (name: string) => Number(name.split(".")[1]);

/** A transposed convolution multiplies each weight once per input pixel (less what the padding cuts off): 1, then 4 x 4, 8 x 8 ... */
export const GENERATOR = flops(generatorSpecs(), (name) =>
  position(name) === 0 ? 1 : 4 ** (position(name) / 3 + 1),
);

/** Maps of 32 x 32, 16 x 16 ... 4 x 4, and 1 x 1. */
const sides = [32, 16, 8, 4, 1];
function sided(specs: ParamSpecs): number {
  const convolutions = Object.keys(specs).filter((name) => specs[name]!.shape.length > 1);
  return flops(specs, (name) => sides[convolutions.indexOf(name)]! ** 2);
}
export const DISCRIMINATOR = sided(discriminatorSpecs());
export const CRITIC = sided(criticSpecs());

/** Side of the map that each part of the UNet works on, and of which each attention's pixels are. */
const UNET_SIDES: Record<string, number> = {
  ...{ inc: 28, down1: 14, sa1: 14, down2: 7, sa2: 7, bot1: 7, bot2: 7 },
  ...{ up1: 14, sa3: 14, up2: 28, sa4: 28, outc: 28 },
  label_emb: 0, // a look-up
};
const ATTENTIONS = Object.entries({ sa1: 128, sa2: 128, sa3: 64, sa4: 64 });

export const UNET =
  flops(unetSpecs(), (name) => {
    const [part = "", layer] = name.split(".");
    return layer === "emb_layer" ? 1 : UNET_SIDES[part]! ** 2;
  }) +
  // q k and a v of each attention.
  ATTENTIONS.reduce((sum, [name, channels]) => sum + 2 * 2 * UNET_SIDES[name]! ** 4 * channels, 0);

/** By position in `feature_extractor`; the linear layers multiply each weight once. */
const DANN_SIDES: Record<number, number> = { 1: 28, 4: 28, 8: 14, 11: 14, 15: 5 };
const dann = (part: string) =>
  flops(dannSpecs, (name) =>
    !name.startsWith(part) ? 0 : part === "feature_extractor" ? (DANN_SIDES[position(name)] ?? 1) ** 2 : 1,
  );
export const DANN = {
  features: dann("feature_extractor"),
  digit: dann("class_classifier"),
  domain: dann("domain_classifier"),
};
