"""pytorch-fid, clean-fid, torch-fidelity and prdc on two folders of images, with weights of ours: `compare-peers.py` runs this.

Each program reads, decodes and resizes the files, runs its own network and computes its own distance; only what would be downloaded is
replaced. One pass through the network gives the features of all four sizes.
"""

import pathlib
from unittest.mock import patch

import numpy as np
import prdc
import torch
from cleanfid import fid as clean_fid
from cleanfid import inception_pytorch
from pytorch_fid import fid_score
from pytorch_fid import inception as pytorch_fid_inception
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d
from torch_fidelity import metric_fid, metric_isc, metric_kid, metric_prc, utils

DIMS = (64, 192, 768, 2048)
BATCH = 50
SEED = 2020
KID_SUBSETS = 100

Features = dict[int, np.ndarray]


def split(features: np.ndarray) -> Features:
    ends = np.cumsum(DIMS)
    return {dims: features[:, end - dims : end] for dims, end in zip(DIMS, ends)}


def all_sizes(outputs: list[Tensor]) -> Tensor:
    """[b, 64 + 192 + 768 + 2048, 1, 1], averaged as pytorch-fid does."""
    return torch.cat([adaptive_avg_pool2d(output, (1, 1)) for output in outputs], 1)


class AllSizes(torch.nn.Module):
    def __init__(self, network: torch.nn.Module):
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> list[Tensor]:
        return [all_sizes(self.network(x))]


def pytorch_fid(real: str, generated: str, state: dict[str, Tensor]) -> tuple[list[Features], dict[int, float]]:
    with patch.object(pytorch_fid_inception, "load_state_dict_from_url", return_value=state):
        network = AllSizes(pytorch_fid_inception.InceptionV3([0, 1, 2, 3]))
    sides = []
    for folder in (real, generated):
        files = sorted(file for ext in fid_score.IMAGE_EXTENSIONS for file in pathlib.Path(folder).glob(f"*.{ext}"))
        sides.append(split(fid_score.get_activations(files, network, BATCH, sum(DIMS), num_workers=0)))
    distance = lambda a, b: fid_score.calculate_frechet_distance(*moments(a), *moments(b))
    return sides, {dims: float(distance(sides[0][dims], sides[1][dims])) for dims in DIMS}


def moments(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.mean(features, axis=0), np.cov(features, rowvar=False)


def cleanfid(real: str, generated: str, state: dict[str, Tensor]) -> tuple[list[Features], dict[int, float]]:
    """Mode `clean`. Its network there is a TorchScript file; in its place its own PyTorch network, after the same (x - 128) / 128."""
    with patch.object(inception_pytorch, "load_state_dict_from_url", return_value=state):
        network = inception_pytorch.InceptionV3([0, 1, 2, 3], resize_input=False, normalize_input=False).eval()

    def features(batch: Tensor) -> Tensor:
        assert batch.shape[2:] == (299, 299)
        return all_sizes(network((batch - 128) / 128))[:, :, 0, 0]

    options = {"num_workers": 0, "batch_size": BATCH, "device": torch.device("cpu"), "mode": "clean"}
    sides = [split(clean_fid.get_folder_features(folder, features, **options)) for folder in (real, generated)]
    return sides, {dims: float(clean_fid.fid_from_feats(sides[0][dims], sides[1][dims])) for dims in DIMS}


def torch_fidelity(
    real: str, generated: str, weights: str, root: str
) -> tuple[list[dict[str, Tensor]], dict[int, float]]:
    """Also the logits. Its first input is the generated side."""
    layers = [str(dims) for dims in DIMS] + ["logits_unbiased"]
    options = {
        **{"input1": generated, "input2": real, "cuda": False, "batch_size": BATCH, "cache": False, "cache_root": root},
        "feature_extractor_weights_path": weights,
    }
    extractor = utils.create_feature_extractor("inception-v3-compat", layers, **options)
    features = [utils.extract_featuresdict_from_input_id_cached(side, extractor, **options) for side in (2, 1)]
    statistics = lambda layer: [metric_fid.fid_featuresdict_to_statistics(side, layer) for side in features]
    distances = {}
    for dims in DIMS:
        distance = metric_fid.fid_statistics_to_metric(*reversed(statistics(str(dims))), verbose=False)
        distances[dims] = distance[metric_fid.KEY_METRIC_FID]
    return features, distances


def draws(n: int) -> dict[str, np.ndarray]:
    """What torch-fidelity draws from its seed: the order of the Inception Score, KID's subsets of each side."""
    order = np.random.RandomState(SEED).permutation(n)
    generator = np.random.RandomState(SEED)
    pairs = [[generator.choice(n, n // 5, replace=False) for _ in range(2)] for _ in range(KID_SUBSETS)]
    return {
        "order": order,
        "generated_subsets": np.stack([pair[0] for pair in pairs]),
        "real_subsets": np.stack([pair[1] for pair in pairs]),
    }


def scores(real: Tensor, generated: Tensor, logits: Tensor) -> dict[str, dict[str, float]]:
    """torch-fidelity's and prdc's metrics of features; KID in float32, as torch-fidelity computes it, and in float64."""
    kid = lambda a, b, subsets, size: metric_kid.kid_features_to_metric(
        a, b, kid_subsets=subsets, kid_subset_size=size, rng_seed=SEED, verbose=False
    )[metric_kid.KEY_METRIC_KID_MEAN]
    n = len(real)
    doubles = generated.double(), real.double()
    prc = metric_prc.prc_features_to_metric(generated, real, verbose=False)
    of_prdc = prdc.compute_prdc(real.numpy(), generated.numpy(), nearest_k=5)
    inception_score = metric_isc.isc_features_to_metric(logits, 10, True, SEED)
    return {
        "torch-fidelity": {
            "KID, subset of all": kid(*doubles, 1, n),
            "KID, subset of all, float32": kid(generated, real, 1, n),
            "KID, 100 subsets of a fifth": kid(*doubles, KID_SUBSETS, n // 5),
            "Inception Score": inception_score[metric_isc.KEY_METRIC_ISC_MEAN],
            "its deviation": inception_score[metric_isc.KEY_METRIC_ISC_STD],
            "precision": prc[metric_prc.KEY_METRIC_PRECISION],
            "recall": prc[metric_prc.KEY_METRIC_RECALL],
        },
        "prdc": {name: float(of_prdc[name]) for name in ("density", "coverage")},
    }
