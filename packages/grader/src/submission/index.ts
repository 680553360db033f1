export { type Copied, type CopyLimits, copySubmission, type LeftOut } from "./copy-submission.ts";
export { SubmissionError } from "./errors.ts";
