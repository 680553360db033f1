"""DCGAN and WGAN-GP at 64 x 64 in PyTorch: the peer of packages/models/src/dcgan and wgan-gp."""

from torch import Tensor, nn


class Generator(nn.Module):
    def __init__(self, latent: int = 100, width: int = 64):
        super().__init__()

        def block(fan_in: int, out: int, stride: int, padding: int):
            conv = nn.ConvTranspose2d(fan_in, out, 4, stride, padding, bias=False)
            return [conv, nn.BatchNorm2d(out), nn.ReLU(inplace=True)]

        self.net = nn.Sequential(
            *block(latent, 8 * width, 1, 0),
            *block(8 * width, 4 * width, 2, 1),
            *block(4 * width, 2 * width, 2, 1),
            *block(2 * width, width, 2, 1),
            nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z: Tensor) -> Tensor:
        return self.net(z)


class Discriminator(nn.Module):
    def __init__(self, width: int = 64):
        super().__init__()

        def block(fan_in: int, out: int):
            return [nn.Conv2d(fan_in, out, 4, 2, 1, bias=False), nn.BatchNorm2d(out), nn.LeakyReLU(0.2, inplace=True)]

        self.net = nn.Sequential(
            nn.Conv2d(3, width, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            *block(width, 2 * width),
            *block(2 * width, 4 * width),
            *block(4 * width, 8 * width),
            nn.Conv2d(8 * width, 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x).flatten()


class Critic(nn.Module):
    """The discriminator without batch normalisation and Sigmoid."""

    def __init__(self, width: int = 64):
        super().__init__()
        channels = [3, width, 2 * width, 4 * width, 8 * width]
        layers: list[nn.Module] = []
        for fan_in, out in zip(channels, channels[1:]):
            layers += [nn.Conv2d(fan_in, out, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
        self.net = nn.Sequential(*layers, nn.Conv2d(channels[-1], 1, 4, 1, 0, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x).flatten()
