"""From a prepared dataset to the arrays CLERA trains on.

Symbols: x (n, G) expression, dx (n, G) derivative, scores (n, k) principal components of x.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.graph import graph_source
from scdyn_core.methods.clera.sources.layer import layer_source
from scdyn_core.methods.clera.sources.lineage import lineage_source
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.methods.clera.sources.types import cell_types, transitions
from scdyn_core.methods.clera.sources.velocity import velocity_source
from scdyn_core.methods.clera.sources.windows import windows_source
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import Reporter

Source = Callable[[Dataset, CleraConfig, Split, int, Reporter], SourceData]
SOURCES: dict[str, Source] = {
    "graph": graph_source,
    "layer": layer_source,
    "lineage": lineage_source,
    "windows": windows_source,
    "velocity": velocity_source,
}
#: What each source needs.
SOURCE_ROLES: dict[str, tuple[str, ...]] = {
    "graph": ("spliced", "unspliced"),
    "layer": ("velocity",),
    "lineage": ("pseudotime",),
    "windows": ("pseudotime",),
    "velocity": ("spliced", "unspliced"),
}
#: The order in which ``auto`` tries them; raw velocity is never the best that data allow.
AUTO = ("graph", "layer", "lineage", "windows")
#: Components kept for baselines where the network reads the genes.
BASELINE_COMPONENTS = 50


def choose_source(config: CleraConfig, roles: Roles) -> str:
    """Return the derivative source that the config asks for and the roles allow.

    Raises
    ------
    ConfigError
        When a role is missing.
    """
    assigned = roles.assigned()
    candidates = list(AUTO) if config.derivative == "auto" else [config.derivative]
    for name in candidates:
        if is_possible(name, roles):
            return name
    needed = ", or ".join(dict.fromkeys(" and ".join(SOURCE_ROLES[name]) for name in candidates))
    raise ConfigError(
        "derivative",
        found="the roles " + (", ".join(sorted(assigned)) or "none"),
        needed=needed,
        fix="Assign the role on the Data page (--role on the command line), or choose a recipe "
        "that orders the cells: velocity_pseudotime with spliced and unspliced counts, else "
        "pseudotime.",
    )


def is_possible(source: str, roles: Roles) -> bool:
    """Return whether the roles suffice for a derivative source."""
    return set(SOURCE_ROLES[source]) <= roles.assigned().keys()


@dataclass(frozen=True)
class Scaling:
    """Units of genes and time, and the principal components, learned on the training part."""

    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    time: float
    components: Matrix
    centre: NDArray[np.float64]

    @classmethod
    def learn(cls, train: Moving, config: CleraConfig, seed: int) -> Scaling:
        """Measure the training part."""
        genes = train.expression.shape[1]
        mean, sd, time = np.zeros(genes), np.ones(genes), 1.0
        if config.scale_genes:
            mean = train.expression.mean(axis=0)
            sd = train.expression.std(axis=0)
            sd = np.where(sd > 0, sd, 1.0)
            change = float(np.sqrt(np.square(train.derivative / sd).mean()))
            # Derivatives then have the size of the expression itself, as the threshold on
            # coefficients assumes; without change there is nothing to scale.
            time = 1.0 / change if change > 0 else 1.0
        x = (train.expression - mean) / sd
        count = min(config.components or BASELINE_COMPONENTS, *(size - 1 for size in x.shape))
        pca = PCA(count, random_state=seed).fit(x)
        return cls(mean, sd, time, pca.components_, pca.mean_)

    def apply(self, moving: Moving) -> dict[str, Matrix]:
        """Return ``x``, ``dx``, ``scores`` and ``dscores`` of one part."""
        x = (moving.expression - self.mean) / self.sd
        dx = moving.derivative / self.sd * self.time
        return {
            "x": x,
            "dx": dx,
            "scores": (x - self.centre) @ self.components.T,
            "dscores": dx @ self.components.T,
        }


def clera_tensors(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Build everything CLERA trains on, is chosen on, and is scored on."""
    types, names = cell_types(dataset)
    transitions(config.lineage, names)  # said before any work, whichever source asks for them
    source = SOURCES[choose_source(config, dataset.roles)](dataset, config, split, seed, reporter)
    for caution in source.cautions:
        reporter.log(caution)
    scaling = Scaling.learn(source.parts["train"], config, seed)
    parts: dict[Part, Mapping[str, Matrix]] = {}
    reference: dict[Part, dict[str, Matrix]] = {}
    for part in PARTS:
        scaled = scaling.apply(source.parts[part])
        reads = ("scores", "dscores") if config.components else ("x", "dx")
        arrays = {"x": scaled[reads[0]], "dx": scaled[reads[1]]}
        if names:
            # Cells of unknown type belong to no class: a row of zeros.
            one_hot = np.vstack([np.eye(len(names)), np.zeros(len(names))])
            samples = source.parts[part]
            known = types[samples.positions] if samples.types is None else samples.types
            arrays["classes"] = one_hot[known]
        parts[part] = arrays
        reference[part] = scaled
        if source.null:
            shuffled = scaling.apply(source.null[part])
            reference[part] |= {f"null_{name}": shuffled[name] for name in ("dx", "dscores")}
        if source.common:
            samples = source.parts[part]
            moved = dataclasses.replace(samples, derivative=source.common[part])
            reference[part]["common_dx"] = scaling.apply(moved)["dx"]
    train = parts["train"]
    return Tensors(
        parts=parts,
        samples={part: source.parts[part].positions for part in PARTS},
        reference=reference,
        constants={
            "scale": np.array(np.sqrt(train["x"].var(axis=0).mean())),
            "variances": np.array([np.square(train["x"] - train["x"].mean(axis=0)).mean(),
                                   np.square(train["dx"]).mean()]),
            "components": scaling.components,
            "score_sd": reference["train"]["scores"].std(axis=0),
            "centre": scaling.centre,
            "gene_sd": scaling.sd,
            "gene_mean": scaling.mean,
        },
        info={
            "source": source.name,
            "genes": source.genes,
            "types": names,
            "cautions": source.cautions,
        },
    )  # fmt: skip
