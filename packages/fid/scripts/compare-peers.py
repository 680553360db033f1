"""`pnpm fid` against pytorch-fid, clean-fid, torch-fidelity and prdc: the same images, the same weights. Prints the tables of docs/fid.md.

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install pytorch-fid==0.3.0 clean-fid==0.1.35 torch-fidelity==0.4.0 prdc==0.2
    /tmp/peers/bin/python packages/fid/scripts/compare-peers.py DATA [--images 200]

DATA holds weights/inception-2015-12-05-folded-partial.safetensors, hw2_data/face/val and hw2_data/face/train. The reference are the first
images of val, the generated side centre crops of the first images of train. The weights are the real ones up to the 768 features, filled up
with seeded random ones to the 2,048 features and the logits. Progress goes to stderr.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import peer_programs as peers

REPOSITORY = Path(__file__).parents[3]
SIDE = 64
PROGRAMS = {"pytorch-fid": "pytorch", "clean-fid": "clean", "torch-fidelity": "tensorflow"}
FID_TOLERANCE, TOLERANCE = 1e-4, 1e-5


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


golden = load(REPOSITORY / "fixtures/golden/inception/make-inception.py")


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text} (load average {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)


def make_folders(data: Path, into: Path, count: int) -> tuple[str, str]:
    real, generated = into / "real", into / "generated"
    for folder in (real, generated):
        folder.mkdir()
    for file in sorted((data / "hw2_data/face/val").glob("*.png"))[:count]:
        shutil.copyfile(file, real / file.name)
    for file in sorted((data / "hw2_data/face/train").glob("*.jpg"))[:count]:
        image = Image.open(file).convert("RGB")
        left, top = ((size - SIDE) // 2 for size in image.size)
        image.crop((left, top, left + SIDE, top + SIDE)).save(generated / f"{file.stem}.png")
    return str(real), str(generated)


def weights_of(data: Path) -> dict[str, torch.Tensor]:
    """Real up to Mixed_6e, where batch norm only adds the bias: gamma 1, variance 1 - epsilon; seeded from there on."""
    real = golden.read_partial(data / golden.PARTIAL)
    is_tail = lambda name: name.startswith(("Mixed_7", "fc."))
    return {name: value if is_tail(name) else real[name] for name, value in golden.seeded_state().items()}


def ours(real: str, generated: str, weights: str, dims: int, resize: str, metrics: str) -> dict:
    command = ["node", str(REPOSITORY / "packages/commands/bin/fid.mjs"), real, generated, "--json", "--weights", weights]
    command += ["--dims", str(dims), "--resize", resize, "--metrics", metrics]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)


def ours_of(path: Path, **tensors) -> dict[str, float]:
    """Our metrics of given features."""
    arrays = {name: np.ascontiguousarray(value, "<f4") for name, value in tensors.items()}
    path.write_bytes(golden.safetensors(arrays))
    command = [str(REPOSITORY / "node_modules/.bin/tsx"), str(REPOSITORY / "packages/fid/scripts/peer-metrics.ts"), str(path)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=REPOSITORY).stdout)


def difference(found: float, expected: float) -> float:
    return 0.0 if found == expected else abs(found - expected) / abs(expected)


def row(*cells) -> None:
    print("| " + " | ".join(cell if isinstance(cell, str) else f"{cell:.9g}" for cell in cells) + " |", flush=True)


def shown(found: float, expected: float, tolerance: float) -> str:
    relative = difference(found, expected)
    return ("0" if relative == 0 else f"{relative:.1e}") + ("" if relative <= tolerance else " (!)")


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--images", type=int, default=200, help="of each side")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        compare(options.data, Path(temporary), options.images)


def compare(data: Path, folder: Path, count: int) -> None:
    os.environ["TOUCHSTONE_CACHE"] = str(folder / "cache")
    real, generated = make_folders(data, folder, count)
    state = weights_of(data)
    weights = str(folder / "weights.pth")
    torch.save(state, weights)

    names = ["torch", "torchvision", "scipy", "numpy", "pillow", *PROGRAMS, "prdc"]
    print(f"{count} images of each side, 64 x 64; " + ", ".join(f"{name} {version(name)}" for name in names) + ".")
    print(f"\nWeights: sha256 {hashlib.sha256(Path(weights).read_bytes()).hexdigest()}, real ones up to the 768 features")
    print(f"from sha256 {hashlib.sha256((data / golden.PARTIAL).read_bytes()).hexdigest()}.\n")

    row("program", "`--resize`", "dims", "its distance", "`pnpm fid`", "difference", "its features, our distance", "difference")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    extracted = {}
    ends = {}
    for program, resize in PROGRAMS.items():
        say(program)
        if program == "torch-fidelity":
            with redirect_stdout(sys.stderr):
                both, distances = peers.torch_fidelity(real, generated, weights, str(folder))
            sides = [{dims: side[str(dims)].numpy() for dims in peers.DIMS} for side in both]
            extracted = {"real": both[0]["2048"], "generated": both[1]["2048"], "logits": both[1]["logits_unbiased"]}
        else:
            run = peers.pytorch_fid if program == "pytorch-fid" else peers.cleanfid
            with redirect_stdout(sys.stderr):
                sides, distances = run(real, generated, state)
        for dims in peers.DIMS:
            say(f"pnpm fid --resize {resize} --dims {dims}")
            metrics = "fid,kid,pr,dc" if (program, dims) == ("torch-fidelity", 2048) else "fid"
            ends = ours(real, generated, weights, dims, resize, metrics)
            found, theirs = ends["distance"]["distance"], distances[dims]
            same = ours_of(folder / "features.safetensors", real=sides[0][dims], generated=sides[1][dims])["distance"]
            row(program, resize, str(dims), theirs, found, shown(found, theirs, FID_TOLERANCE), same, shown(same, theirs, FID_TOLERANCE))

    say("metrics of features")
    with redirect_stdout(sys.stderr):
        expected = peers.scores(**extracted)
    draws = {name: np.atleast_2d(value) for name, value in peers.draws(count).items()}
    found = ours_of(folder / "features.safetensors", **{name: value.numpy() for name, value in extracted.items()}, **draws)
    end_to_end = {**ends["manifold"], "KID, subset of all": ends["kid"]["mean"]}
    print()
    row("program", "metric of 2,048 features", "its value", "ours of its features", "difference", "`pnpm fid` from the files", "difference")
    print("|---|---|---:|---:|---:|---:|---:|")
    for program, values in expected.items():
        for metric, value in values.items():
            name = metric.removesuffix(", float32")
            whole = end_to_end.get(name)
            last = [whole, shown(whole, value, TOLERANCE)] if whole is not None else ["", ""]
            row(program, metric, value, found[name], shown(found[name], value, TOLERANCE), *last)


if __name__ == "__main__":
    main()
