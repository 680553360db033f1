/** Images from a trained WGAN-GP: its generator is DCGAN's. */

export { sampleDcgan as sampleWganGp } from "../dcgan/sample.ts";
