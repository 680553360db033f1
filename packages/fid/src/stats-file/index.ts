/** Files of statistics. */

export {
  type Difference,
  InvalidStatisticsError,
  PickledStatisticsError,
  StatisticsWriteError,
  UnlikeProtocolsError,
  UnreadableStatisticsError,
} from "./errors.ts";
export {
  type Fingerprint,
  type Protocol,
  parseFingerprint,
  protocolDifferences,
  requireSameProtocol,
} from "./fingerprint.ts";
export {
  exportStatistics,
  readStatistics,
  type StoredStatistics,
  writeStatistics,
} from "./statistics-file.ts";
