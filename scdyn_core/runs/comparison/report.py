"""Everything that several runs have in common, as tables: what pages, shell and notebook share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.errors import ScdynError
from scdyn_core.evaluation.score_lead import leads
from scdyn_core.runs.comparison.comparable import Difference, differences_to_first, rankable
from scdyn_core.runs.comparison.embeddings import compared_embeddings, kind_of
from scdyn_core.runs.comparison.equations import compared_equations
from scdyn_core.runs.comparison.labels import FIT, Labels, compared_labels, holds_labels, labels_of
from scdyn_core.runs.comparison.networks import compared_networks, sign_conflicts
from scdyn_core.runs.comparison.scores import lead_table, score_table
from scdyn_core.runs.comparison.settings import compared_settings
from scdyn_core.runs.comparison.side import Side, first_of_each, sides_of
from scdyn_core.runs.networks import networks_of_run

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

Frames = dict[str, pd.DataFrame]


def comparison(runs: Mapping[str, Run]) -> tuple[Frames, list[str]]:
    """Compare runs in everything that two of them have.

    Parameters
    ----------
    runs
        Name -> run; the first is what the others are compared with. Of a single run its first
        two replicates are compared.

    Returns
    -------
    tuple
        Tables by name, those without rows left out, and what could not be compared and why.
    """
    scores = {name: run.scores() for name, run in runs.items()}
    differences = differences_to_first(runs)
    tables = {
        "scores": score_table(scores),
        "ahead": lead_table(leads({name: scores[name] for name in rankable(differences, runs)})),
        "settings": compared_settings(runs),
        "comparable": _comparable(differences),
    }
    notes: list[str] = []
    done = {name: run for name, run in runs.items() if run.state.status == "done"}
    kinds = {name: kind_of(run) for name, run in done.items()}
    kind = next((kind for kind in kinds.values() if kind is not None), None)
    parts: Sequence[tuple[Callable[[Sequence[Side]], Frames], str, Callable[[str], bool]]] = (
        (_embeddings, "latent", lambda name: kind is not None and kinds[name] == kind),
        (_equations, "equations", lambda name: {"equations", "latent"} <= set(done[name].tables)),
        (_clusters, FIT, lambda name: holds_labels(done[name])),
        (_networks, "network", lambda name: "network" in done[name].tables),
    )
    for compare, table, has in parts:
        sides = sides_of({name: run for name, run in done.items() if has(name)}, table)
        if len(sides) > 1:
            try:
                tables |= compare([sides[name] for name in first_of_each(sides)])
            except ScdynError as error:
                notes.append(str(error))
    return {name: frame for name, frame in tables.items() if len(frame)}, notes


def _comparable(differences: Mapping[str, Difference]) -> pd.DataFrame:
    rows = [
        {"run": name, **asdict(each), "scores_compare": each.scores_compare}
        for name, each in differences.items()
    ]
    return pd.DataFrame(rows)


def _embeddings(sides: Sequence[Side]) -> Frames:
    found = compared_embeddings(sides)
    places = pd.DataFrame({found.kind: found.samples})
    for name, own in found.places.items():
        for axis in range(own.shape[1]):
            places[f"{name}, z{axis + 1}"] = own[:, axis]
    return {"embeddings": found.measures, "embedding_places": places}


def _equations(sides: Sequence[Side]) -> Frames:
    found = compared_equations(sides)
    shared = [{"run": name, **asdict(each)} for name, each in found.agreements.items()]
    return {
        "equations": found.coefficients,
        "matched_latents": found.matches,
        "equation_agreement": pd.DataFrame(shared),
    }


def _clusters(sides: Sequence[Side]) -> Frames:
    first, *others = sides
    measures, counts = [], []
    for own in _learned(first).values():
        for other in others:
            match = _learned(other).get(own.column)
            if match is None:
                continue
            found = compared_labels(
                own.read(first.table, first.replicate), match.read(other.table, other.replicate)
            )
            between = {"run": other.name, "groups": own.name, "groups_of_run": match.name}
            measures.append(found.measures.assign(**between))
            counts.append(found.pairs().assign(**between))
    if not measures:
        return {}
    return {
        "groups": pd.concat(measures, ignore_index=True),
        "contingency": pd.concat(counts, ignore_index=True),
    }


def _learned(side: Side) -> dict[str, Labels]:
    """Return groups that a model found, by column; of clusterings the one that its rule chose."""
    found = [labels for labels in labels_of(side.table).values() if labels.learned]
    return {labels.column: labels for labels in reversed(found)}


def _networks(sides: Sequence[Side]) -> Frames:
    first, *others = sides
    ours = networks_of_run(first.run, first.replicate)
    told, curves, conflicts = [], [], []
    for other in others:
        theirs = networks_of_run(other.run, other.replicate)
        for evidence in (name for name in ours if name in theirs):
            found = compared_networks(ours[evidence], theirs[evidence])
            against = {"run": other.name, "evidence": evidence}
            told.append({**against, **asdict(found.told)})
            curves.append(found.curve.assign(**against))
            conflicts.append(sign_conflicts(found.both.table).assign(**against))
    if not told:
        return {}
    return {
        "networks": pd.DataFrame(told),
        "network_overlap": pd.concat(curves, ignore_index=True),
        "sign_conflicts": pd.concat(conflicts, ignore_index=True),
    }
