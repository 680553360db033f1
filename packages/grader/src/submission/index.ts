export {
  type Copied,
  type CopyLimits,
  copySubmission,
  type LeftOut,
  submissionRoot,
} from "./copy-submission.ts";
export { SubmissionError } from "./errors.ts";
