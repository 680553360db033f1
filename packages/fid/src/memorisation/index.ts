/** Copies of the reference and repetitions among generated samples. */

export {
  type CopyPair,
  type DistanceSummary,
  type Memorisation,
  type MemorisationOptions,
  memorisation,
  type RepetitionPair,
} from "./memorisation.ts";
