"""The benchmark's rows in PyTorch: for each, a function that runs one iteration, as a student would write it.

Imported by torch_bench.py.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from dann import Dann, ReverseGradient
from dcgan import Critic, Discriminator, Generator
from inception import Inception
from sampling import sample
from seeded import fill
from unet import UNet

Iteration = Callable[[], None]
BATCHES = {
    **{"inception": 32, "unet": 50, "generator": 100, "discriminator-step": 64, "unet-step": 32},
    **{"dcgan-step": 64, "critic-step": 64, "dann-step": 128, "diffusion-sample": 20},
}
AVERAGE_DECAY = 0.999
SAMPLING_STEPS = 20


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


def track(average: nn.Module, model: nn.Module) -> None:
    """The moving average of a model's parameters and running statistics."""
    pairs = zip(average.state_dict().values(), model.state_dict().values())
    kept, new = zip(*[pair for pair in pairs if pair[0].is_floating_point()])
    torch._foreach_lerp_(kept, new, 1 - AVERAGE_DECAY)


def unet_step(on: Placement, batch: int) -> Iteration:
    model, average = on.model(UNet()).train(), on.model(UNet())
    optimizer = torch.optim.AdamW(model.parameters(), 3e-4)
    (images, t, labels), noise = unet_inputs(on, batch), on.images(batch, 3, 28, 28)
    signal = torch.rand(batch, 1, 1, 1, device=on.device)
    sigma = (1 - signal**2).sqrt()
    criterion = nn.MSELoss()

    def iterate() -> None:
        optimizer.zero_grad()
        loss = criterion(model(signal * images + sigma * noise, t, labels), noise)
        loss.backward()
        optimizer.step()
        track(average, model)
        loss.item()

    return iterate


def dcgan_step(on: Placement, batch: int) -> Iteration:
    generator, discriminator, average = on.model(Generator()).train(), on.model(Discriminator()).train(), on.model(Generator())
    for_discriminator, for_generator = (
        torch.optim.Adam(model.parameters(), 2e-4, (0.5, 0.999)) for model in (discriminator, generator)
    )
    real, z = on.images(batch, 3, 64, 64), on.images(batch, 100, 1, 1)
    ones, zeros = torch.ones(batch, device=on.device), torch.zeros(batch, device=on.device)
    criterion = nn.BCELoss()

    def iterate() -> None:
        fake = generator(z)
        for_discriminator.zero_grad()
        loss = criterion(discriminator(real), ones) + criterion(discriminator(fake.detach()), zeros)
        loss.backward()
        for_discriminator.step()

        for_generator.zero_grad()
        discriminator.requires_grad_(False)
        criterion(discriminator(fake), ones).backward()
        discriminator.requires_grad_(True)
        for_generator.step()
        track(average, generator)
        loss.item()

    return iterate


def critic_step(on: Placement, batch: int) -> Iteration:
    critic = on.model(Critic()).train()
    optimizer = torch.optim.Adam(critic.parameters(), 1e-4, (0.0, 0.9))
    real, fake = on.images(batch, 3, 64, 64), on.images(batch, 3, 64, 64).tanh()
    mix = torch.rand(batch, 1, 1, 1, device=on.device)

    def iterate() -> None:
        optimizer.zero_grad()
        between = (fake + mix * (real - fake)).requires_grad_()
        (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        penalty = (slope.flatten(1).norm(dim=1) - 1).square().mean()
        loss = critic(fake).mean() - critic(real).mean() + 10 * penalty
        loss.backward()
        optimizer.step()
        loss.item()

    return iterate


def dann_step(on: Placement, batch: int) -> Iteration:
    """Half of the batch is the source's."""
    half = batch // 2
    model = on.model(Dann()).train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    source, target = on.images(half, 3, 28, 28), on.images(half, 3, 28, 28)
    labels = torch.arange(half, device=on.device) % 10
    zeros, ones = (torch.full((half,), domain, device=on.device) for domain in (0, 1))
    criterion = nn.NLLLoss()

    def iterate() -> None:
        optimizer.zero_grad()
        of_source, of_target = model.feature_extractor(source), model.feature_extractor(target)
        loss = criterion(model.class_classifier(of_source), labels)
        for features, domain in ((of_source, zeros), (of_target, ones)):
            loss = loss + criterion(model.domain_classifier(ReverseGradient.apply(features, 1.0)), domain)
        loss.backward()
        optimizer.step()
        loss.item()

    return iterate


def diffusion_sample(on: Placement, batch: int) -> Iteration:
    """An iteration is one step of a batch, of one batch after the other."""
    model = on.model(UNet()).eval()

    def endless() -> Iterator[None]:
        while True:
            yield from sample(model, on.images(batch, 3, 28, 28), SAMPLING_STEPS)

    steps = endless()

    @torch.inference_mode()
    def iterate() -> None:
        next(steps)

    return iterate


ROWS: dict[str, Callable[[Placement, int], Iteration]] = {
    "inception": inception,
    "unet": unet,
    "generator": generator,
    "discriminator-step": discriminator_step,
    "unet-step": unet_step,
    "dcgan-step": dcgan_step,
    "critic-step": critic_step,
    "dann-step": dann_step,
    "diffusion-sample": diffusion_sample,
}
