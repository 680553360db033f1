// The UNet's parameters, by PyTorch's names, and its FLOPs.
import { type ParamSpec, weightFlops } from "./params.ts";

export const EMBEDDING = 256; // channels of the time and label embeddings
export const HEADS = 4;
const CLASSES = 10;
const SIDE = 28;

/** [name, pixels of its map, channels] of each self-attention. */
const ATTENTIONS: [string, number, number][] = [
  ["sa1", (SIDE / 2) ** 2, 128],
  ["sa2", (SIDE / 4) ** 2, 128],
  ["sa3", (SIDE / 2) ** 2, 64],
  ["sa4", SIDE ** 2, 64],
];

export function unetSpecs(): ParamSpec[] {
  return [
    { name: "label_emb.weight", shape: [CLASSES, EMBEDDING], uses: 0 }, // a look-up
    ...doubleConv("inc", SIDE, 3, 64),
    ...down("down1", SIDE / 2, 64, 128),
    ...down("down2", SIDE / 4, 128, 128),
    ...doubleConv("bot1", SIDE / 4, 128, 256),
    ...doubleConv("bot2", SIDE / 4, 256, 128),
    ...up("up1", SIDE / 2, 256, 64),
    ...up("up2", SIDE, 128, 64),
    ...ATTENTIONS.flatMap(([name, tokens, channels]) => attention(name, tokens, channels)),
    { name: "outc.weight", shape: [1, 1, 64, 3], uses: SIDE ** 2 },
    { name: "outc.bias", shape: [3], uses: 0 },
  ];
}

/** Of one image's forward pass. */
export function unetFlops(): number {
  const products = ATTENTIONS.reduce((sum, [, tokens, channels]) => sum + 2 * 2 * tokens ** 2 * channels, 0); // q.k and a.v
  return weightFlops(unetSpecs()) + products;
}

function doubleConv(name: string, side: number, fanIn: number, out: number, hidden = out): ParamSpec[] {
  const at = `${name}.double_conv`;
  return [
    { name: `${at}.0.weight`, shape: [3, 3, fanIn, hidden], uses: side ** 2 },
    ...norm(`${at}.1`, hidden),
    { name: `${at}.3.weight`, shape: [3, 3, hidden, out], uses: side ** 2 },
    ...norm(`${at}.4`, out),
  ];
}

function down(name: string, side: number, fanIn: number, out: number): ParamSpec[] {
  return [
    ...doubleConv(`${name}.maxpool_conv.1`, side, fanIn, fanIn),
    ...doubleConv(`${name}.maxpool_conv.2`, side, fanIn, out),
    ...dense(`${name}.emb_layer.1`, 1, EMBEDDING, out),
  ];
}

function up(name: string, side: number, fanIn: number, out: number): ParamSpec[] {
  return [
    ...doubleConv(`${name}.conv.0`, side, fanIn, fanIn),
    ...doubleConv(`${name}.conv.1`, side, fanIn, out, fanIn / 2),
    ...dense(`${name}.emb_layer.1`, 1, EMBEDDING, out),
  ];
}

function attention(name: string, tokens: number, channels: number): ParamSpec[] {
  return [
    ...norm(`${name}.ln`, channels),
    { name: `${name}.mha.in_proj_weight`, shape: [channels, 3 * channels], uses: tokens },
    { name: `${name}.mha.in_proj_bias`, shape: [3 * channels], uses: 0 },
    ...dense(`${name}.mha.out_proj`, tokens, channels, channels),
    ...norm(`${name}.ff_self.0`, channels),
    ...dense(`${name}.ff_self.1`, tokens, channels, channels),
    ...dense(`${name}.ff_self.3`, tokens, channels, channels),
  ];
}

function dense(name: string, uses: number, fanIn: number, out: number): ParamSpec[] {
  return [
    { name: `${name}.weight`, shape: [fanIn, out], uses },
    { name: `${name}.bias`, shape: [out], uses: 0 },
  ];
}

function norm(name: string, channels: number): ParamSpec[] {
  return ["weight", "bias"].map((part) => ({ name: `${name}.${part}`, shape: [channels], uses: 0 }));
}
