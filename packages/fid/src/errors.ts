/** What every error that `@touchstone/fid` throws on purpose has; the classes are in the `errors.ts` of each folder. */

export class FidError extends Error {
  readonly code: string;
  /** What a command that ends with this error exits with: 2, wrong usage or input. */
  readonly exitCode: number = 2;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}
