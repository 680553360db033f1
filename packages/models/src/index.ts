/** DCGAN, WGAN-GP, class-conditional diffusion and DANN: to train, to sample, to predict. */

export * from "./commands/index.ts";
export * from "./dann/index.ts";
export * from "./dcgan/index.ts";
export * from "./diffusion/index.ts";
export * from "./images/index.ts";
export * from "./wgan-gp/index.ts";
