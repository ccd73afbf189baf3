"""A scoring model as plain values, so that the engine can also score what is not saved."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Criterion:
    """One weighted metric. `bound_zero` and `bound_full` are the positions worth 0 and 100 points."""
    id: int
    metric: str
    weight: float
    normalization: str  # 'linear': position = the value; 'percentile': position = place among the accounts, 0 to 100
    bound_zero: float
    bound_full: float


@dataclass(frozen=True)
class Rule:
    """Who belongs in a tier. A gate takes every account whose points of one criterion are at most `gate_points_max`."""
    tier_id: int
    score_min: float
    coverage_min: float
    capacity: int  # 0 = no limit
    gate_criterion_id: int | None = None
    gate_points_max: float = 0.0


@dataclass(frozen=True)
class Spec:
    """Criteria in their order; gates first, then the other rules from the most valuable tier down."""
    criteria: tuple
    rules: tuple
    # Points by which an account may fall below the threshold of the tier it is in before it counts as failing.
    band: float = 0.0

    @property
    def total_weight(self):
        return sum(criterion.weight for criterion in self.criteria)
