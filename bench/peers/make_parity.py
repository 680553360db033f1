"""What the PyTorch mirror of Inception computes on seeded weights: the reference of bench/src/models/parity.test.ts.

    python3 bench/peers/make_parity.py

Writes fixtures/golden/bench-parity.json, in float64.
"""

import json
from pathlib import Path

import torch
from torch import Tensor

from inception import Inception
from seeded import fill, seeded_input

SIDE = 75  # the smallest the network takes: TensorFlow.js's cpu backend needs minutes at 299


def rounded(values: Tensor) -> list[float]:
    return [float(f"{v:.9g}") for v in values.tolist()]


def main() -> None:
    model = fill(Inception()).double().eval()
    with torch.inference_mode():
        features = model(seeded_input("x", 1, SIDE, SIDE, 3).double())
    parity = {
        "madeBy": "python3 bench/peers/make_parity.py",
        "features": {"shape": list(features.shape), "data": rounded(features.flatten())},
        "parameters": sum(p.numel() for p in model.parameters()),
    }
    path = Path(__file__).parents[2] / "fixtures/golden/bench-parity.json"
    path.write_text(json.dumps(parity, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size:,} bytes; {parity['parameters']:,} parameters")


if __name__ == "__main__":
    main()
