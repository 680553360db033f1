"""What the PyTorch mirrors compute on seeded weights: the reference of bench/src/models/parity.test.ts.

    python3 bench/peers/make_parity.py

Writes fixtures/golden/bench-parity.json, in float64. Outputs are thinned to at most 2,048 numbers; a tree of parameters is told by each
one's norm and its dot product with a seeded probe.
"""

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcgan import Discriminator, Generator
from inception import Inception
from seeded import fill, seeded_input, to_tfjs, uniform
from unet import UNet

INCEPTION_SIDE = 75  # the smallest the network takes: TensorFlow.js's cpu backend needs minutes at 299
UNET_SIDE = 12


def thin(output: Tensor) -> dict:
    if output.dim() == 4:
        output = output.permute(0, 2, 3, 1)
    flat = output.detach().flatten()
    every = -(-flat.numel() // 2048)
    return {"shape": list(output.shape), "every": every, "data": rounded(flat[::every])}


def rounded(values: Tensor) -> list[float]:
    return [float(f"{v:.9g}") for v in values.tolist()]


def told(tree: dict[str, Tensor]) -> dict[str, list[float]]:
    """name -> [norm, dot product with a seeded probe]"""
    result = {}
    for name, value in tree.items():
        flat = to_tfjs(name, value.detach()).flatten()
        probe = torch.from_numpy(uniform(f"probe {name}", flat.numel())).double()
        result[name] = rounded(torch.stack([flat.norm(), flat @ probe]))
    return result


def double(*values: Tensor) -> list[Tensor]:
    return [v.double() for v in values]


def backward(model: nn.Module, loss: Tensor) -> dict:
    loss.backward()
    return {
        "loss": loss.item(),
        "gradients": told({name: p.grad for name, p in model.named_parameters()}),
        "buffers": told({name: b for name, b in model.named_buffers() if "running" in name}),
    }


def optimize(optimizer: type[torch.optim.Optimizer], **options) -> list[float]:
    """Three steps on one parameter of 40 numbers, one of the gradients tiny. Kept apart from the networks' gradients:
    Adam's first step is their sign, which rounding decides where a gradient is zero (the keys' biases)."""
    p = nn.Parameter(seeded_input("p", 40).double())
    steps = optimizer([p], **options)
    for i in range(3):
        p.grad = seeded_input(f"g{i}", 40).double() ** 3
        steps.step()
    return rounded(p.detach())


def unet_inputs(batch: int, side: int) -> tuple[Tensor, Tensor, Tensor]:
    x, t = double(seeded_input("x", batch, side, side, 3), (seeded_input("t", batch) + 1) * 499)
    return x, t, torch.arange(batch) % 10


def main() -> None:
    parity = {"madeBy": "python3 bench/peers/make_parity.py"}
    with torch.inference_mode():
        parity["inception"] = thin(fill(Inception()).double().eval()(*double(seeded_input("x", 1, INCEPTION_SIDE, INCEPTION_SIDE, 3))))
        parity["unet"] = thin(fill(UNet()).double().eval()(*unet_inputs(1, 28)))
        parity["generator"] = thin(fill(Generator()).double().eval()(*double(seeded_input("z", 2, 1, 1, 100))))

    model = fill(Discriminator()).double().train()
    images = seeded_input("images", 2, 64, 64, 3).double()
    loss = F.binary_cross_entropy(model(images), torch.tensor([1.0, 0.0]).double())
    parity["discriminatorStep"] = backward(model, loss)

    model = fill(UNet()).double().train()
    noise = seeded_input("noise", 2, UNET_SIDE, UNET_SIDE, 3).double()
    parity["unetStep"] = backward(model, F.mse_loss(model(*unet_inputs(2, UNET_SIDE)), noise))

    parity["adam"] = optimize(torch.optim.Adam, lr=2e-4, betas=(0.5, 0.999))
    parity["adamW"] = optimize(torch.optim.AdamW, lr=3e-4)

    parity["counts"] = {m.__name__: sum(p.numel() for p in m().parameters()) for m in (Inception, UNet, Generator, Discriminator)}
    path = Path(__file__).parents[2] / "fixtures/golden/bench-parity.json"
    path.write_text(json.dumps(parity, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    print(f"{path.name}: {path.stat().st_size:,} bytes; parameters {parity['counts']}")


if __name__ == "__main__":
    main()
