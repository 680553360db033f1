"""The benchmark's rows in PyTorch: for each, a function that runs one iteration, as a student would write it.

Imported by torch_bench.py.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from dcgan import Discriminator, Generator
from inception import Inception
from seeded import fill
from unet import UNet

Iteration = Callable[[], None]
BATCHES = {"inception": 32, "unet": 50, "generator": 100, "discriminator-step": 64, "unet-step": 32}


class Placement:
    """Device and memory layout of a row's model and images."""

    def __init__(self, device: str, layout: str):
        self.device = torch.device(device)
        self.format = {"default": torch.contiguous_format, "channels_last": torch.channels_last}[layout]

    def model(self, module: nn.Module) -> nn.Module:
        return fill(module).to(self.device, memory_format=self.format)

    def images(self, *shape: int) -> Tensor:
        return torch.randn(shape).to(self.device, memory_format=self.format)


def make(row: str, batch: int, device: str, layout: str) -> Iteration:
    return ROWS[row](Placement(device, layout), batch)


def forward(model: nn.Module, *inputs: Tensor) -> Iteration:
    model.eval()

    @torch.inference_mode()
    def iterate() -> None:
        model(*inputs)

    return iterate


def unet_inputs(on: Placement, batch: int) -> tuple[Tensor, Tensor, Tensor]:
    t = torch.randint(0, 1000, (batch,), device=on.device)
    return on.images(batch, 3, 28, 28), t, torch.arange(batch, device=on.device) % 10


def inception(on: Placement, batch: int) -> Iteration:
    return forward(on.model(Inception()), on.images(batch, 3, 299, 299))


def unet(on: Placement, batch: int) -> Iteration:
    return forward(on.model(UNet()), *unet_inputs(on, batch))


def generator(on: Placement, batch: int) -> Iteration:
    return forward(on.model(Generator()), on.images(batch, 100, 1, 1))


def discriminator_step(on: Placement, batch: int) -> Iteration:
    model = on.model(Discriminator()).train()
    optimizer = torch.optim.Adam(model.parameters(), 2e-4, (0.5, 0.999))
    images = on.images(batch, 3, 64, 64)
    labels = (torch.arange(batch, device=on.device) % 2).float()
    criterion = nn.BCELoss()

    def iterate() -> None:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()

    return iterate


def unet_step(on: Placement, batch: int) -> Iteration:
    model = on.model(UNet()).train()
    optimizer = torch.optim.AdamW(model.parameters(), 3e-4)
    inputs, noise = unet_inputs(on, batch), on.images(batch, 3, 28, 28)
    criterion = nn.MSELoss()

    def iterate() -> None:
        optimizer.zero_grad()
        loss = criterion(model(*inputs), noise)
        loss.backward()
        optimizer.step()
        loss.item()

    return iterate


ROWS: dict[str, Callable[[Placement, int], Iteration]] = {
    "inception": inception,
    "unet": unet,
    "generator": generator,
    "discriminator-step": discriminator_step,
    "unet-step": unet_step,
}
