/** The UNet's parameters: PyTorch's names, in the order of its `state_dict`. */

import {
  conv2dSpecs,
  groupNormSpecs,
  layerNormSpecs,
  linearSpecs,
  multiHeadAttentionSpecs,
  OptionError,
  type ParamSpecs,
  scoped,
} from "@touchstone/nn";
import { EMBEDDING, labelEmbeddingSpecs } from "./embedding.ts";
import { HEADS } from "./unet.ts";

/** Channels next to the image: the report's. */
export const WIDTH = 64;

export interface UnetOptions {
  /** Channels next to the image, a multiple of 4; a smaller network trains in minutes on a CPU. Default 64. */
  width?: number;
}

/**
 * With the default 4,561,027 parameters.
 *
 * @throws OptionError
 */
export function unetSpecs({ width = WIDTH }: UnetOptions = {}): ParamSpecs {
  if (!Number.isInteger(width) || width < HEADS || width % HEADS !== 0) {
    throw new OptionError("width", `a multiple of the ${HEADS} heads`, width);
  }
  const w = width;
  return {
    ...scoped("label_emb", labelEmbeddingSpecs()),
    ...doubleConvSpecs("inc", 3, w),
    ...downSpecs("down1", w, 2 * w),
    ...attendSpecs("sa1", 2 * w),
    ...downSpecs("down2", 2 * w, 2 * w),
    ...attendSpecs("sa2", 2 * w),
    ...doubleConvSpecs("bot1", 2 * w, 4 * w),
    ...doubleConvSpecs("bot2", 4 * w, 2 * w),
    ...upSpecs("up1", 2 * w + 2 * w, w),
    ...attendSpecs("sa3", w),
    ...upSpecs("up2", w + w, w),
    ...attendSpecs("sa4", w),
    ...scoped("outc", conv2dSpecs(w, 3, 1)),
  };
}

function doubleConvSpecs(name: string, channels: number, out: number, hidden = out): ParamSpecs {
  return scoped(`${name}.double_conv`, {
    ...scoped("0", conv2dSpecs(channels, hidden, 3, { bias: false })),
    ...scoped("1", groupNormSpecs(hidden)),
    ...scoped("3", conv2dSpecs(hidden, out, 3, { bias: false })),
    ...scoped("4", groupNormSpecs(out)),
  });
}

function downSpecs(name: string, channels: number, out: number): ParamSpecs {
  return {
    ...doubleConvSpecs(`${name}.maxpool_conv.1`, channels, channels),
    ...doubleConvSpecs(`${name}.maxpool_conv.2`, channels, out),
    ...scoped(`${name}.emb_layer.1`, linearSpecs(EMBEDDING, out)),
  };
}

function upSpecs(name: string, channels: number, out: number): ParamSpecs {
  return {
    ...doubleConvSpecs(`${name}.conv.0`, channels, channels),
    ...doubleConvSpecs(`${name}.conv.1`, channels, out, channels / 2),
    ...scoped(`${name}.emb_layer.1`, linearSpecs(EMBEDDING, out)),
  };
}

function attendSpecs(name: string, channels: number): ParamSpecs {
  return scoped(name, {
    ...scoped("mha", multiHeadAttentionSpecs(channels)),
    ...scoped("ln", layerNormSpecs(channels)),
    ...scoped("ff_self.0", layerNormSpecs(channels)),
    ...scoped("ff_self.1", linearSpecs(channels, channels)),
    ...scoped("ff_self.3", linearSpecs(channels, channels)),
  });
}
