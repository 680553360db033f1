/** Checkpoints: safetensors and PyTorch files, and the state of a training run. */

export {
  CheckpointFileError,
  CheckpointMismatchError,
  CheckpointWriteError,
  InvalidCheckpointError,
  StateDictError,
  UnsafePickleError,
  UnstorableError,
  UnsupportedCheckpointError,
} from "./errors.ts";
export { type DType, fromFloat32, type HostArray, type HostTensor, toFloat32 } from "./host-tensor.ts";
export { type LoadParamsOptions, loadParams, type SaveParamsOptions, saveParams } from "./params.ts";
export { type Checkpoint, type ReadCheckpointOptions, readCheckpoint } from "./read-checkpoint.ts";
export { replaceFile } from "./replace-file.ts";
export { writeSafetensors } from "./safetensors.ts";
export { loadTrainingState, saveTrainingState } from "./training-state.ts";
