"""What changes after an epoch: weights that grow, moments, the turn of the latents, targets."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from scdyn_core.methods.svae.moments import LabelMoments, label_moments, remember_moments
from scdyn_core.methods.svae.network import OPEN, SvaeNetwork
from scdyn_core.methods.svae.targets import effects, solve
from scdyn_core.methods.svae.turning import centre, turn
from scdyn_core.training.module import EpochContext

State = dict[str, Tensor]
Cells = Mapping[str, Tensor]
#: Names of the phases.
WARM_UP, FIT, REFINE, ADAPT = "warm up", "fit", "refine", "adapt"
#: Share of the phase ``fit`` in which targets close.
CLOSING = 0.4
#: Log odds of a target that is decided.
DECIDED = 30.0


class TrainableSvae(SvaeNetwork):
    """The network with what training does to it beside gradient steps."""

    def after_epoch(self, state: State, data: Cells, context: EpochContext) -> None:
        """Solve for the targets, and turn the latents at the end of the warm-up."""
        config = self.config
        ends = context.epoch == context.epochs
        self._grow(state, context)
        # The weights of this form are nobody's: those of a replicate are put there to be read.
        self.load_state_dict(state)
        was_training = self.training
        self.eval()
        if config.normalisation == "batch" and context.phase != ADAPT:
            remember_moments(self, state, data)
            self.load_state_dict(state)
        if config.rotation and context.phase in self._turns() and ends:
            turn(self, state, label_moments(self, data))
            self.load_state_dict(state)
        finds_origin = context.phase != ADAPT and int(self.control) >= 0
        if finds_origin or self._solves(context):
            moments = label_moments(self, data)
            if finds_origin:
                self._find_origin(state, moments)
            if self._solves(context):
                self._solve(state, moments, context)
        if context.phase in (FIT, REFINE) and ends:
            self._decide(state)
            centre(self, state)
        if context.phase == (REFINE if config.refine else FIT) and ends:
            state["adapting"].fill_(1.0)
        self.train(was_training)

    def _turns(self) -> tuple[str, ...]:
        """Return the phases after which the latents are turned."""
        if self.config.prior != "sparse":
            return (FIT,)
        # Once for the sparse prior to begin from, and once for what it has made of the latents:
        # targets that were learned by gradient are of the latents as they are.
        return (WARM_UP, FIT) if self.config.mask == "solved" else (WARM_UP,)

    def _find_origin(self, state: State, moments: LabelMoments) -> None:
        """Put the origin where the control cells are."""
        control = int(self.control)
        if bool(moments.cells[control] > 0):
            state["origin"].copy_(moments.means[control])

    def _decide(self, state: State) -> None:
        """Open or close every target for good; those that no cell had stay to be learned."""
        known = (self.cells > 0).unsqueeze(-1)
        decided = torch.where(state["mask_logit"] > 0, DECIDED, -DECIDED)
        state["mask_logit"].copy_(torch.where(known, decided, OPEN))
        state["shift"].mul_(known)

    def _grow(self, state: State, context: EpochContext) -> None:
        """Let the weights of the divergence and of the sparsity grow."""
        config = self.config
        if context.phase in (WARM_UP, FIT):
            done = context.epoch + (config.warm_up if context.phase == FIT else 0)
            state["beta"].fill_(config.weight_kl * min(done / max(config.kl_epochs, 1), 1.0))
        if context.phase == FIT:
            span = max(CLOSING * context.epochs, 1.0)
            state["strictness"].fill_(min(context.epoch / span, 1.0))

    def _solves(self, context: EpochContext) -> bool:
        """Return whether shifts are to be solved for after this epoch."""
        prior = self.config.prior
        if prior == "sparse":
            return self.config.mask == "solved"
        return prior == "perturbation" or self._closes(context)

    def _closes(self, context: EpochContext) -> bool:
        """Return whether targets may close: without a sparse prior they are read in the end."""
        if context.phase in (FIT, REFINE) and self.config.prior != "sparse":
            return context.epoch == context.epochs
        return context.phase in (FIT, ADAPT)

    def _solve(self, state: State, moments: LabelMoments, context: EpochContext) -> None:
        """Put shifts and targets where they belong for the latents as they are now."""
        closing = self._closes(context)
        strictness = float(state["strictness"])
        means, members = moments.means - state["origin"].double(), self.members
        targets = len(self.shift)
        if context.phase == ADAPT:
            # What was learned from other cells stays, and explains its part of these.
            learned = torch.cat([self.cells, self.cells.new_zeros(1)]) > 0
            known = effects(self.probability() * self.shift * learned[:-1, None], members)
            means, members = means - known.double(), torch.where(learned[members], targets, members)
        shift, odds = solve(
            means,
            moments.cells,
            members,
            targets,
            self.costs(),
            strictness if closing else 0.0,
            None if closing else state["mask_logit"].double(),
        )
        # Labels of which these cells tell nothing stay as they are.
        seen = torch.unique(members[moments.cells > 0])
        seen = seen[seen < targets]
        state["shift"][seen] = shift[seen].to(state["shift"])
        if closing:
            state["mask_logit"][seen] = odds[seen].clamp(-DECIDED, DECIDED).to(state["shift"])
