"""Steps along the sum of each example's clipped gradient with Opacus's own modules and optimizers, without noise or with it."""

import warnings
from pathlib import Path

import numpy
import torch
from opacus.accountants import RDPAccountant
from opacus.grad_sample import GradSampleModule, GradSampleModuleFastGradientClipping
from opacus.optimizers import DPOptimizer, DPOptimizerFastGradientClipping
from opacus.utils.fast_gradient_clipping_utils import DPLossFastGradientClipping

CLIP = 1.0
warnings.filterwarnings("ignore", message=".*[Ff]ull backward hook.*")


class Clipped:
    def __init__(self, module, optimizer_of, examples, targets):
        self.module, self.examples, self.targets = module, examples, targets
        rate = 0.01 / len(examples)
        self.optimizer = optimizer_of(
            torch.optim.SGD(module.parameters(), lr=rate),
            noise_multiplier=0.0, max_grad_norm=CLIP, expected_batch_size=len(examples), loss_reduction="mean",
        )

    def step(self):
        self.leave_clipped_sum()
        self.optimizer.original_optimizer.step()

    def parameters(self):
        return sum(parameter.numel() for parameter in self.module.parameters() if parameter.requires_grad)

    def check(self, folder):
        """By how much Opacus's norms and clipped sum differ, relatively, from those in the folder, all else being equal."""
        values = {file.name: torch.from_numpy(numpy.fromfile(file, "<f4")) for file in Path(folder).iterdir()}
        begin = 0
        with torch.no_grad():
            for parameter in self.module.parameters():
                parameter.copy_(values["parameters"][begin : begin + parameter.numel()].view_as(parameter))
                begin += parameter.numel()
        assert begin == len(values["parameters"]), "the numbers of parameters differ"
        self.examples = values["inputs"].view_as(self.examples)
        self.targets = values["targets"].to(self.targets.dtype)
        self.leave_clipped_sum()
        norms = self.norms()
        total = torch.cat([parameter.grad.flatten() for parameter in self.module.parameters()])
        of_norms = ((values["norms"] - norms).abs() / norms).max().item()
        of_sum = ((values["sum"] - total).norm() / total.norm()).item()
        return of_norms, of_sum


class Hooks(Clipped):
    """Gradients of all examples as tensors (grad_sample_mode="hooks"), flat clipping."""

    def __init__(self, model, examples, targets, loss):
        super().__init__(GradSampleModule(model, loss_reduction="mean"), DPOptimizer, examples, targets)
        self.loss = loss

    def leave_clipped_sum(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.module(self.examples), self.targets).backward()
        self.optimizer.clip_and_accumulate()
        for parameter in self.optimizer.params:
            parameter.grad = parameter.summed_grad.view_as(parameter)

    def norms(self):
        return torch.stack([each.flatten(1).norm(dim=1) for each in self.optimizer.grad_samples]).norm(dim=0)


class Ghost(Clipped):
    """Norms without those tensors where Opacus can (grad_sample_mode="ghost"), and a second pass back for the sum."""

    def __init__(self, model, examples, targets, loss):
        module = GradSampleModuleFastGradientClipping(
            model, loss_reduction="mean", max_grad_norm=CLIP, use_ghost_clipping=True
        )
        super().__init__(module, DPOptimizerFastGradientClipping, examples, targets)
        self.loss = DPLossFastGradientClipping(module, self.optimizer, loss, "mean")

    def leave_clipped_sum(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.module(self.examples), self.targets).backward()

    def norms(self):
        return self.module.per_sample_gradient_norms


class Private:
    """Whole steps of DP-SGD on a Poisson sample, which is taken from tensors as they lie in memory, and entered with an accountant."""

    NOISE_MULTIPLIER = 1.1

    def __init__(self, module, optimizer_of, batch, examples, targets):
        self.module, self.examples, self.targets = module, examples, targets
        self.rate = batch / len(examples)
        self.optimizer = optimizer_of(
            torch.optim.SGD(module.parameters(), lr=0.01),
            noise_multiplier=self.NOISE_MULTIPLIER, max_grad_norm=CLIP, expected_batch_size=batch, loss_reduction="mean",
        )
        self.optimizer.attach_step_hook(RDPAccountant().get_optimizer_hook_fn(self.rate))

    def step(self):
        rows = (torch.rand(len(self.examples)) < self.rate).nonzero().flatten()
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.module(self.examples[rows]), self.targets[rows]).backward()
        self.optimizer.step()

    def parameters(self):
        return sum(parameter.numel() for parameter in self.module.parameters() if parameter.requires_grad)


class PrivateHooks(Private):
    def __init__(self, model, batch, examples, targets, loss):
        super().__init__(GradSampleModule(model, loss_reduction="mean"), DPOptimizer, batch, examples, targets)
        self.loss = loss


class PrivateGhost(Private):
    def __init__(self, model, batch, examples, targets, loss):
        module = GradSampleModuleFastGradientClipping(
            model, loss_reduction="mean", max_grad_norm=CLIP, use_ghost_clipping=True
        )
        super().__init__(module, DPOptimizerFastGradientClipping, batch, examples, targets)
        self.loss = DPLossFastGradientClipping(module, self.optimizer, loss, "mean")
