"""Parameters of CLERA: the form, the command line, the saved run and the documentation at once."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from scdyn_core.methods.method import MethodConfig, show


class LibraryConfig(BaseModel):
    """Candidate terms of the latent equations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: int = Field(
        2,
        ge=1,
        le=5,
        description="Highest number of latents multiplied with each other in one term",
        json_schema_extra=show("Equations", term="model / polynomial order"),
    )
    constant: bool = Field(
        True,
        description="Allow a constant drift",
        json_schema_extra=show("Equations", advanced=True, term="include_constant"),
    )
    reciprocal: bool = Field(
        False,
        description="Allow 1/(1+z²), a saturating repression",
        json_schema_extra=show("Equations", advanced=True, term="use_reciprocal"),
    )
    exp: bool = Field(
        False,
        description="Allow exp z",
        json_schema_extra=show("Equations", advanced=True, term="use_exp"),
    )
    sin: bool = Field(
        False,
        description="Allow sin z",
        json_schema_extra=show("Equations", advanced=True, term="include_sine"),
    )
    cos: bool = Field(
        False,
        description="Allow cos z",
        json_schema_extra=show("Equations", advanced=True),
    )
    tanh: bool = Field(
        False,
        description="Allow tanh z, a saturating activation",
        json_schema_extra=show("Equations", advanced=True),
    )


class CleraConfig(MethodConfig):
    """How CLERA reads the data, what it learns and for how long."""

    latents: int = Field(
        3,
        ge=1,
        le=16,
        description="Coordinates of the latent space; every one gets an equation",
        json_schema_extra=show("Model", term="latent_dim"),
    )
    library: LibraryConfig = Field(
        LibraryConfig(), description="Candidate terms of the latent equations"
    )
    derivative: Literal["auto", "graph", "lineage", "velocity", "layer", "windows"] = Field(
        "auto",
        description="Where each cell's direction comes from: the velocity graph of spliced and "
        "unspliced counts, the slope along a pseudotime, raw RNA velocity, a velocity layer of "
        "your own, or differences between windows of ordered cells; auto takes the first that "
        "the data allow of graph, layer, lineage and windows",
        json_schema_extra=show("Data", term="dx"),
    )
    velocity_mode: Literal["stochastic", "deterministic", "dynamical"] = Field(
        "stochastic",
        description="How scVelo estimates raw RNA velocity; dynamical fits the splicing of each "
        "of the 300 best genes and takes minutes (raw velocity only)",
        json_schema_extra=show("Data", advanced=True),
    )
    lineage: tuple[Annotated[str, Field(min_length=3, max_length=400)], ...] = Field(
        (),
        max_length=200,
        description="Known transitions between cell types, as Ductal>Ngn3 low EP: slopes follow "
        "them, windows may mix only their types, and directions are scored over them",
        json_schema_extra=show("Data", advanced=True),
    )
    lineage_bandwidth: float = Field(
        0.04,
        gt=0,
        le=0.5,
        description="Width of the kernel along the pseudotime, as a share of the lineage's cells "
        "(lineage slope only)",
        json_schema_extra=show("Data", advanced=True),
    )
    genes: int = Field(
        2000,
        ge=10,
        le=20000,
        description="Most variable genes to learn from, chosen on the training cells",
        json_schema_extra=show("Data", term="n_top_genes"),
    )
    min_shared_counts: int = Field(
        20,
        ge=0,
        le=10000,
        description="Spliced + unspliced counts a gene needs to be kept",
        json_schema_extra=show("Data", advanced=True, unit="counts"),
    )
    neighbours: int = Field(
        30,
        ge=5,
        le=200,
        description="Neighbouring cells averaged for moments and the velocity graph",
        json_schema_extra=show("Data", advanced=True, term="n_neighbors", unit="cells"),
    )
    graph_rounds: int = Field(
        3,
        ge=0,
        le=100,
        description="Random divisions of the training cells into groups of the test part's size, "
        "over which their displacements are averaged; 0 takes them all at once (graph only)",
        json_schema_extra=show("Data", advanced=True),
    )
    null_turns: bool = Field(
        True,
        description="In the null, turn velocities round at random besides dealing them out to "
        "other cells; without it their average stays (graph only)",
        json_schema_extra=show("Data", advanced=True),
    )
    window: int = Field(
        4,
        ge=2,
        le=100,
        description="Cells averaged into one window (windows only)",
        json_schema_extra=show("Data", advanced=True, term="window_size", unit="cells"),
    )
    stride: int = Field(
        2,
        ge=1,
        le=100,
        description="Cells between the starts of two windows (windows only)",
        json_schema_extra=show("Data", advanced=True, term="stride", unit="cells"),
    )
    window_time: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Time between two windows; empty measures time as a share of the order",
        json_schema_extra=show("Data", advanced=True, term="t step"),
    )
    bridge_gaps: bool = Field(
        False,
        description="Differentiate over windows that were left out as if their neighbours were "
        "adjacent, as published (windows only)",
        json_schema_extra=show("Data", advanced=True),
    )
    components: int = Field(
        50,
        ge=0,
        le=500,
        description="Principal components the network reads instead of genes; 0 reads the genes",
        json_schema_extra=show("Data", advanced=True),
    )
    scale_genes: bool = Field(
        True,
        description="Centre each gene and divide it by its standard deviation, and measure time "
        "in units of the typical change",
        json_schema_extra=show("Data", advanced=True),
    )
    scale_input: bool = Field(
        True,
        description="Divide the input by one number, so that its mean variance is 1",
        json_schema_extra=show("Model", advanced=True),
    )
    widths: tuple[Annotated[int, Field(ge=1, le=4096)], ...] = Field(
        (64, 32),
        min_length=0,
        max_length=6,
        description="Sizes of the encoder's hidden layers; the decoder mirrors them",
        json_schema_extra=show("Model", advanced=True, term="widths"),
    )
    classifier_widths: tuple[Annotated[int, Field(ge=1, le=4096)], ...] = Field(
        (64,),
        max_length=4,
        description="Sizes of the cell-type classifier's hidden layers",
        json_schema_extra=show("Model", advanced=True, term="classifier_widths"),
    )
    activation: Literal["elu", "tanh", "softplus", "relu", "sigmoid", "linear"] = Field(
        "elu",
        description="Function between the layers; relu makes the derivatives jump",
        json_schema_extra=show("Model", advanced=True, term="activation"),
    )
    linear_start: bool = Field(
        True,
        description="Start encoder and decoder from principal components and learn how to bend "
        "them; off starts from random weights",
        json_schema_extra=show("Model", advanced=True),
    )
    frame: Literal["components", "standardised", "free"] = Field(
        "components",
        description="Which of all equivalent coordinate systems the latents use: each named after "
        "the principal component it follows, each at mean 0 and sd 1, or as it comes (solved "
        "coefficients only)",
        json_schema_extra=show("Model", advanced=True),
    )
    input_noise: float = Field(
        0.3,
        ge=0,
        le=10,
        description="Noise added to what the encoder reads in training, in units of its mean sd",
        json_schema_extra=show("Training", advanced=True),
    )
    normalise_losses: bool = Field(
        True,
        description="Divide each squared error by the variance of its target",
        json_schema_extra=show("Loss", advanced=True),
    )
    class_loss: Literal["softmax", "sigmoid"] = Field(
        "softmax",
        description="Cross-entropy of the cell types: one type per cell, or each type for itself",
        json_schema_extra=show("Loss", advanced=True),
    )
    weight_reconstruction: float = Field(
        2.0,
        ge=0,
        le=1e4,
        description="Weight of the reconstructed expression",
        json_schema_extra=show("Loss", term="loss_weight_decoder"),
    )
    weight_derivative: float = Field(
        1.0,
        ge=0,
        le=1e4,
        description="Weight of the velocity of the genes, decoded from the equations",
        json_schema_extra=show("Loss", term="loss_weight_sindy_x"),
    )
    weight_latent_derivative: float = Field(
        0.3,
        ge=0,
        le=1e4,
        description="Weight of the velocity of the latents against the equations",
        json_schema_extra=show("Loss", term="loss_weight_sindy_z"),
    )
    weight_classification: float = Field(
        0.1,
        ge=0,
        le=1e4,
        description="Weight of telling the cell types apart",
        json_schema_extra=show("Loss", term="loss_weight_classification"),
    )
    weight_sparsity: float = Field(
        0.0,
        ge=0,
        le=1e4,
        description="Pull of every coefficient to zero (trained coefficients only)",
        json_schema_extra=show("Loss", advanced=True, term="loss_weight_sindy_regularization"),
    )
    weight_network: float = Field(
        0.0,
        ge=0,
        le=1.0,
        description="Pull of every network weight to zero",
        json_schema_extra=show("Loss", advanced=True, term="loss_weight_ae_regularization"),
    )
    solver: Literal["least_squares", "gradient"] = Field(
        "least_squares",
        description="How coefficients are found: solved again and again, or trained like weights",
        json_schema_extra=show("Equations", advanced=True),
    )
    coefficient_start: Literal["specified", "xavier", "constant", "normal"] = Field(
        "specified",
        description="Start of trained coefficients: ±1 at random, Xavier, 0.3, or N(0, 1)",
        json_schema_extra=show("Equations", advanced=True, term="coefficient_initialization"),
    )
    ridge: float = Field(
        1e-3,
        ge=0,
        le=1e3,
        description="Ridge penalty of the solved coefficients, relative to the library's scale",
        json_schema_extra=show("Equations", advanced=True),
    )
    smallest_share: float = Field(
        0.02,
        ge=0,
        le=1,
        description="A term is removed if the others explain the motion as well but for this "
        "share of it (solved coefficients only)",
        json_schema_extra=show("Equations"),
    )
    threshold: float = Field(
        0.0,
        ge=0,
        le=10,
        description="Coefficients smaller than this are removed from the equations",
        json_schema_extra=show("Equations", advanced=True, term="coefficient_threshold"),
    )
    terms: int | None = Field(
        None,
        ge=0,
        le=100000,
        description="Stop removing terms when so many are left, and with trained coefficients go "
        "on to refinement when there are fewer; empty keeps half of the solved ones, 0 any number",
        json_schema_extra=show("Equations", term="terms"),
    )
    excluded_terms: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(
        (),
        max_length=1000,
        description="Terms that may not be used, as z1*z2 in all equations or dz1:z1*z2 in one",
        json_schema_extra=show("Equations", advanced=True, term="coefficient_mask"),
    )
    threshold_every: int = Field(
        10,
        ge=1,
        le=100000,
        description="Epochs between two solves or thresholdings",
        json_schema_extra=show("Equations", advanced=True, term="threshold_frequency"),
    )
    threshold_from: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Share of the fit before the first term may be removed",
        json_schema_extra=show("Equations", advanced=True),
    )
    warmup_epochs: int = Field(
        120,
        ge=0,
        le=100000,
        description="Epochs that learn the latent space before any equation",
        json_schema_extra=show("Training", advanced=True),
    )
    fit_epochs: int = Field(
        280,
        ge=1,
        le=100000,
        description="Epochs that learn latent space and equations together",
        json_schema_extra=show("Training", term="max_epochs"),
    )
    refine_epochs: int = Field(
        80,
        ge=0,
        le=100000,
        description="Epochs that polish the remaining terms",
        json_schema_extra=show("Training", term="refinement_epochs"),
    )
    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1.0,
        description="Step size of Adam",
        json_schema_extra=show("Training", advanced=True, term="learning_rate"),
    )
    schedule: Literal["constant", "cosine"] = Field(
        "cosine",
        description="How the step size falls over each phase",
        json_schema_extra=show("Training", advanced=True),
    )
    clip_norm: float | None = Field(
        1.0,
        gt=0,
        le=1e4,
        description="Largest norm of a gradient; empty for none",
        json_schema_extra=show("Training", advanced=True),
    )
    batch_size: int | None = Field(
        None,
        ge=8,
        le=1_000_000,
        description="Samples per step; empty takes all at once",
        json_schema_extra=show("Training", advanced=True, term="batch_size", unit="cells"),
    )
    keep_best: bool = Field(
        True,
        description="End refinement with the weights that were best on the validation cells",
        json_schema_extra=show("Training", advanced=True),
    )
    fresh_refinement: bool = Field(
        False,
        description="Forget the optimiser's memory before refinement, as published",
        json_schema_extra=show("Training", advanced=True),
    )
    validate_every: int = Field(
        10,
        ge=1,
        le=10000,
        description="Epochs between two looks at the validation cells",
        json_schema_extra=show("Training", advanced=True, term="print_frequency"),
    )

    @field_validator("lineage")
    @classmethod
    def _transitions(cls, lineage: tuple[str, ...]) -> tuple[str, ...]:
        for transition in lineage:
            ends = [end.strip() for end in transition.split(">")]
            if len(ends) != 2 or not all(ends) or ends[0] == ends[1]:
                raise ValueError(
                    f"{transition!r} is no transition; write two cell types with one > between, "
                    "such as Ductal>Ngn3 low EP"
                )
        return lineage

    @model_validator(mode="after")
    def _something_to_learn(self) -> Self:
        if not (self.weight_reconstruction or self.weight_derivative):
            raise ValueError(
                "weight_reconstruction and weight_derivative are both 0: nothing ties the latent "
                "space to the data; raise one of them"
            )
        return self
