"""The generated samples by name, and the function that makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from scdyn_core.data.simulators.bistable import Bistable
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.simulators.mechanism_shift import MechanismShift
from scdyn_core.data.simulators.rare_types import RareTypes
from scdyn_core.data.simulators.regulation_presets import REGULATION_PRESETS
from scdyn_core.data.simulators.response_presets import PRESETS
from scdyn_core.data.simulators.simulator import Simulator
from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    from anndata import AnnData

SIMULATORS: dict[str, Simulator] = {
    Hopf.name: Hopf(),
    Bistable.name: Bistable(),
    **PRESETS,
    MechanismShift.name: MechanismShift(),
    # Small, with everything a real screen has: the sample that ships with scdyn.
    "screen": MechanismShift(
        interventions=24,
        cells_per_intervention=60,
        genes=120,
        latents=6,
        depth=2500,
        control_cells=320,
        combinations=4,
        inert=4,
        guides=3,
        knock_down=0.8,
    ),
    **REGULATION_PRESETS,
    RareTypes.name: RareTypes(),
}


def simulator(name: str) -> Simulator:
    """Return the simulator of the sample ``name``, with its parameters.

    Raises
    ------
    ConfigError
        When there is no such sample.
    """
    if name not in SIMULATORS:
        raise ConfigError(
            "simulator",
            found=f"unknown name {name!r}",
            needed="one of " + ", ".join(SIMULATORS),
            fix="Choose one of the generated samples.",
        )
    return SIMULATORS[name]


def simulate(name: str, seed: int = 0, **params: Any) -> AnnData:
    """Generate the sample ``name``; same name, seed and parameters give the same counts.

    Raises
    ------
    ConfigError
        When there is no such sample, or a parameter is unknown or out of bounds.
    """
    start = simulator(name)
    try:
        changed = type(start)(**{**start.model_dump(), **params})
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"simulator {name}, parameter {'.'.join(map(str, first['loc']))}",
            found=f"{first['input']!r}",
            needed=first["msg"],
            fix=f"Correct the parameter; there are {', '.join(type(start).model_fields)}.",
        ) from None
    return changed.sample(seed)
