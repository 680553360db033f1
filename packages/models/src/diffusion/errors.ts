/** What can be wrong with a wish for samples: one class per kind, each with a stable `code`. Options out of range are nn's OptionError. */

/** A sampler that there is none of. */
export class UnknownSamplerError extends Error {
  readonly code = "MODELS_UNKNOWN_SAMPLER";
  readonly exitCode = 2;

  constructor(found: string, known: readonly string[]) {
    super(`Option sampler: expected one of ${known.join(", ")}, found "${found}".`);
    this.name = "UnknownSamplerError";
  }
}

/** Guidance needs the prediction without a label, which a network learns only where labels were dropped in training. */
export class GuidanceError extends Error {
  readonly code = "MODELS_GUIDANCE";
  readonly exitCode = 2;

  /** @param labelDropout of the training; undefined where the checkpoint does not say */
  constructor(guidance: number, labelDropout: number | undefined) {
    const found =
      labelDropout === undefined ? "a checkpoint that does not say so" : "one that saw every label";
    const remedy =
      labelDropout === undefined
        ? "If it was, say so with labelDropout; else use guidance 1."
        : "Use guidance 1, or train with labelDropout 0.1.";
    super(
      `Option guidance: expected 1 unless the network was trained with label dropout, found ${guidance} and ${found}. ${remedy}`,
    );
    this.name = "GuidanceError";
  }
}
