"""What the edges of a network are, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard._ui.text import plain

#: Evidence -> what an edge of this kind says, as the end of "An edge says …".
MEANINGS = {
    "direct effect": "that the model needs this gene to explain the other while all others are "
    "held: the change of the target's log rate per unit change of the source's",
    "total effect": "how much the target changes in all when the source changes, by every path "
    "of the model together",
    "alignment": "that cells in which the source was perturbed differ in the target: the "
    "published alignment, in which direct and indirect effects are not told apart",
    "mean shift": "that the target's mean differs between cells in which the source was perturbed "
    "and control cells: direct and indirect effects together",
    "correlation": "that both genes go up and down together over cells; which acts on which it "
    "cannot tell",
    "partial correlation": "that both genes go up and down together when all others are held; "
    "which acts on which it cannot tell",
    "regression trees": "that the target is predicted from the source among all regulators; trees "
    "know no sign, it is that of the correlation",
    "trees along pseudotime": "that the target is predicted from the source a little earlier in "
    "pseudotime, among all regulators; trees know no sign, it is that of the correlation",
    "equation": "that the source latent is in the target's equation",
    "knock-out": "that the gene changes when the latent is set to its mean",
    "SHAP": "what share the latent has in the decoded gene",
    "decoder derivative": "how the decoded gene changes with the latent",
    "uploaded": "whatever the file it came in means by one",
}
#: Evidence that is no effect of one gene on another by itself.
ASSOCIATIONS = (
    "correlation",
    "partial correlation",
    "regression trees",
    "trees along pseudotime",
)


def edge_words(evidence: Sequence[str]) -> str:
    """Return what the edges of some evidence say (Markdown)."""
    return " ".join(
        f"**{plain(kind[:1].upper() + kind[1:])}**: an edge says {MEANINGS[kind]}."
        for kind in evidence
        if kind in MEANINGS
    )


def evidence_help(evidence: Sequence[str]) -> str:
    """Return what each kind of evidence means, one after the other (Markdown)."""
    return edge_words(evidence) + " Of several for the same pair the mean weight counts."


def caveat(evidence: Sequence[str]) -> str:
    """Return what the edges do not prove."""
    if set(evidence) <= {"direct effect", "total effect"}:
        return (
            "Effects within this model, from cells in which genes were perturbed; "
            "not proof of binding or of regulation."
        )
    if set(evidence) == {"mean shift"}:
        return (
            "Differences between perturbed and control cells, along all paths; not proof of "
            "binding or of regulation."
        )
    if set(evidence) & set(ASSOCIATIONS):
        return "Associations over cells, not proof of regulation."
    if set(evidence) <= {"uploaded"}:
        return "Edges as they were uploaded."
    return "An association within this model, not proof of regulation."
