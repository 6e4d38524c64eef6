"""The names by which published data call cell types, conditions, controls and the like."""

from __future__ import annotations

from scdyn_core.data.roles import RoleName

#: Names as published data use them, joined without separators, best first.
COLUMN_NAMES: dict[RoleName, tuple[str, ...]] = {
    "cell_type": (
        "celltype", "celltypes", "majorcelltype", "annotation", "cellannotation", "celllabel",
        "clusters", "cluster", "clustername", "labels", "label", "bulklabels", "paul15clusters",
        "seuratannotations", "celltypeoriginal", "clusterscoarse", "celltypel1", "celltypel2",
        "lineage", "leiden", "louvain", "seuratclusters",
    ),
    "condition": (
        "condition", "treatment", "stim", "stimulation", "stimulus", "group", "status",
        "diseasestatus", "disease", "exposure", "drug", "label",
    ),
    "perturbation": (
        "targetgene", "genetarget", "perturbation", "perturbedgene", "perturbationname", "target",
        "perturbed", "knockout", "ko", "gene", "guidetarget", "condition", "guideidentity",
        "guideid", "guide", "sgrna", "grna",
    ),
    "guide": (
        "guideid", "guideids", "guide", "guideidentity", "guidename", "guiderna", "guidecall",
        "sgrna", "sgrnaid", "sgid", "sgidab", "grna", "grnaid", "featurecall",
    ),
    "sample": (
        "sample", "sampleid", "donor", "donorid", "patient", "patientid", "individual", "subject",
        "mouse", "biorep", "replicate", "rep", "origident", "samplename",
    ),
    "batch": (
        "batch", "batchid", "lane", "plate", "library", "libraryid", "chip", "run", "channel",
        "experiment", "sequencingbatch", "tech", "assay",
    ),
}  # fmt: skip
CONTROL_CONDITION = (
    "ctrl", "control", "unstim", "unstimulated", "untreated", "vehicle", "dmso", "pbs", "mock",
    "baseline", "healthy", "normal", "wt", "wildtype", "resting", "none", "nt", "no", "0",
)  # fmt: skip
CONTROL_PERTURBATION = (
    "nt", "nontargeting", "nontarget", "nontargetingcontrol", "negativecontrol", "negctrl",
    "control", "ctrl", "safetargeting", "scramble", "scrambled", "unperturbed", "wt", "wildtype",
    "mock", "none", "neg", "intergenic",
)  # fmt: skip
