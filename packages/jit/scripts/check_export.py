"""Checks models that export-models.ts wrote with tools that share no code with it.

    python3 scripts/check_export.py DIR            needs onnx and onnxruntime

Each NAME.onnx must pass ONNX's checker and strict shape inference, use standard operators of opset 18 only, and give
the outputs of NAME.json in ONNX Runtime for Python and in ONNX's reference evaluator. Prints a table on stderr and
[{name, nodes, onnxruntime, reference}] on stdout: the largest error of any output relative to its largest element,
or why a runtime cannot run the model. Exits with 1 where an error exceeds 1e-5 or ONNX Runtime cannot run a model.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator

OPSET = 18
TOLERANCE = 1e-5


def tensor(recorded: dict) -> np.ndarray:
    return np.array(recorded["data"], dtype=recorded["dtype"]).reshape(recorded["shape"])


def relative_error(got: np.ndarray, want: np.ndarray, name: str) -> float:
    if got.dtype != want.dtype or got.shape != want.shape:
        raise ValueError(f"{name} is {got.dtype}{list(got.shape)}, expected {want.dtype}{list(want.shape)}")
    if want.size == 0:
        return 0.0
    got, want = got.astype(np.float64), want.astype(np.float64)
    if not (np.isfinite(got).all() and np.isfinite(want).all()):
        raise ValueError(f"{name} is not finite")
    return float(np.abs(got - want).max() / max(np.abs(want).max(), 1e-30))


def check_structure(model: onnx.ModelProto) -> None:
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    imports = [(opset.domain, opset.version) for opset in model.opset_import]
    domains = {node.domain for node in model.graph.node}
    if imports != [("", OPSET)] or not domains <= {""}:
        raise ValueError(f"imports {imports}, domains {domains}: expected the standard domain, opset {OPSET}")


def compare(run, recorded: dict) -> float:
    """`run` takes output names and feeds, as both runtimes do."""
    names = list(recorded["outputs"])
    feeds = {name: tensor(value) for name, value in recorded["inputs"].items()}
    found = [np.asarray(value) for value in run(names, feeds)]
    return max(relative_error(got, tensor(recorded["outputs"][name]), name) for name, got in zip(names, found))


def check(path: Path) -> dict:
    model = onnx.load(path)
    try:
        check_structure(model)
    except Exception as error:
        raise SystemExit(f"{path.name}: {error}") from error
    recorded = json.loads(path.with_suffix(".json").read_text())
    result = {"name": path.stem, "nodes": len(model.graph.node)}
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    runtimes = {
        "onnxruntime": lambda: onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"]).run,
        "reference": lambda: ReferenceEvaluator(model).run,
    }
    for runtime, load in runtimes.items():
        try:
            with np.errstate(all="ignore"):
                result[runtime] = float(f"{compare(load(), recorded):.2e}")
        except Exception as error:  # Whatever a runtime throws: it goes into the report.
            result[runtime] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return result


def acceptable(result: dict) -> bool:
    """The reference evaluator may lack an operator; what it computes must agree all the same."""
    ran = isinstance(result["onnxruntime"], float)
    return ran and all(result[r] <= TOLERANCE for r in ("onnxruntime", "reference") if isinstance(result[r], float))


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    paths = sorted(Path(sys.argv[1]).glob("*.onnx"))
    if not paths:
        print(f"no *.onnx in {sys.argv[1]}", file=sys.stderr)
        return 2
    results = [check(path) for path in paths]
    print(f"{'model':20}{'nodes':>7}  {'onnxruntime':>12}  reference", file=sys.stderr)
    for r in results:
        print(f"{r['name']:20}{r['nodes']:>7}  {r['onnxruntime']:>12}  {r['reference']}", file=sys.stderr)
    print(json.dumps(results))
    return 0 if all(map(acceptable, results)) else 1


if __name__ == "__main__":
    sys.exit(main())
