/** Figures of gradings, and pages that show them: one file each, that loads nothing. */

export { FigureDataError } from "./errors.ts";
export { confusionMatrix, type Misread } from "./figures/confusion.ts";
export {
  byClass,
  type ClassEstimates,
  type Estimate,
  metricAgainstBaselines,
  type Quantity,
} from "./figures/estimates.ts";
export { type DistanceAtCount, fidByCount } from "./figures/fid-by-count.ts";
export type { Drawing, Figure, Hover } from "./figures/figure.ts";
export { type RunTime, runTimes } from "./figures/run-time.ts";
export {
  type GridOptions,
  type Neighbours,
  neighbourGrid,
  reverseProcess,
  sampleGrid,
} from "./figures/sample-grid.ts";
export { type Point, scatters } from "./figures/scatter.ts";
export { standalonePng, standaloneSvg } from "./figures/standalone.ts";
export { trainingCurves } from "./figures/training-curves.ts";
export { type ComparedGrading, comparisonModel } from "./model/comparison.ts";
export type { GradingInput, MetricInput, ResultInput } from "./model/grading.ts";
export type { MissingFigure, NamedImage, OutputOf, RunOutput } from "./model/outputs.ts";
export { readImagesOf } from "./model/read-output.ts";
export { type ReportOptions, reportModel } from "./model/report-model.ts";
export { unlike } from "./model/unlike.ts";
export { type FigureFile, figureFiles } from "./page/figure-files.ts";
export type { Remark, ReportModel, Section } from "./page/model.ts";
export { renderReport } from "./page/render.ts";
export { plainTable, type Table, type TableRow } from "./table.ts";
export { type LogLine, parseTrainingLog } from "./training-log.ts";
