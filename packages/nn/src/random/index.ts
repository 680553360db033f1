/** Seeded random numbers. */

export { InvalidGeneratorStateError } from "./errors.ts";
export {
  type Generator,
  type GeneratorState,
  generatorFromSeed,
  generatorFromState,
} from "./generator.ts";
