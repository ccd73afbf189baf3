"""A scoring model as plain values, so that the engine can also score what is not saved."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Weight:
    """Another weight of a criterion for some accounts: those in one of the tiers and of one of the industries.

    An empty tuple means all of them.
    """
    weight: float
    tier_ids: tuple = ()
    industry_ids: tuple = ()


@dataclass(frozen=True)
class Criterion:
    """One weighted metric, and how its values become points. See `points.py` for the formulas.

    `bound_zero` and `bound_full` are the positions worth 0 and 100 points; 'at_least' and 'at_most' compare with
    `bound_full` alone. `bands` are (value from, points) in ascending order.
    """
    id: int
    metric: str
    weight: float
    normalization: str  # 'linear', 'percentile', 'bands', 'at_least' or 'at_most'
    bound_zero: float
    bound_full: float
    bands: tuple = ()
    missing: str = 'ignore'  # without data: 'ignore' leaves the mean, 'middle' counts 50 points, 'zero' none
    weights: tuple = ()  # of `Weight`; the first that fits an account counts


@dataclass(frozen=True)
class Gate:
    """What an account must pass to be placed in one of the tiers."""
    id: int
    metric: str
    operator: str  # 'at_least' or 'at_most'
    limit: float
    tier_ids: tuple
    missing_passes: bool = True


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
    gates: tuple = ()
    purpose: str = 'selection'  # or 'health', which scores key accounts only and places nobody

    @property
    def metrics(self):
        """Codes of all metrics that are looked at, each once, in the order of the model."""
        return tuple(dict.fromkeys(part.metric for part in (*self.criteria, *self.gates)))
