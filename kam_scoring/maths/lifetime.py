"""Customer lifetime value: what a customer will still bring, from when and for how much it has bought so far.

Two models, fitted by maximum likelihood:

BG/NBD        how often a customer buys, and whether it still does. Fader, Hardie and Lee (2005), "Counting Your
              Customers the Easy Way: An Alternative to the Pareto/NBD Model", Marketing Science 24(2), 275-284. While
              it is alive a customer buys at a rate of its own (rates are gamma distributed, shape r, scale alpha);
              after each purchase it drops out with a probability of its own (beta distributed, a and b).
Gamma-Gamma   for how much. Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value". The mean value of a
              customer's purchases scatters round a level of its own (shape p; levels by q and gamma). It holds only
              where the value does not depend on how often one buys.

A customer is four numbers: repeat purchases x (days with purchases after the first one), recency t_x (weeks from the
first to the last purchase), age T (weeks from the first purchase to today), and the mean value of its repeat purchases.

Where the models do not fit, `fit` says so and why, and the simple formula takes their place: yearly margin m times
retention / (1 + discount - retention), which is the sum of m * (retention / (1 + discount)) ** year over all years to
come (Gupta and Lehmann 2003, "Customers as Assets", Journal of Interactive Marketing 17(1), 9-24), here limited to the
years of the horizon.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, hyp2f1

Array: TypeAlias = np.ndarray

WEEKS_PER_MONTH = 365.25 / 12 / 7
# With fewer customers who came back, four parameters and three more mean little.
REPEATERS_MIN = 30
# Gamma-Gamma takes value and frequency for independent; beyond this they plainly are not.
CORRELATION_MAX = 0.5
# Parameters, of figures scaled to about 1, outside of these say that the sample does not hold what the model looks for:
# everybody is alike, or nobody ever drops out.
PARAMETER_MIN, PARAMETER_MAX = 1e-4, 1e4


@dataclass(frozen=True)
class History:
    """Purchases of all customers, one entry each in every array.

    :param frequency: x, repeat purchases
    :param recency: t_x, weeks from the first to the last purchase; 0 for x = 0
    :param age: T, weeks from the first purchase to today
    :param value: mean value of the repeat purchases; what is not above zero (all was given back) is no value
    """
    frequency: Array
    recency: Array
    age: Array
    value: Array

    @property
    def is_repeater(self) -> Array:
        return self.frequency > 0

    @property
    def is_valued(self) -> Array:
        return self.is_repeater & (self.value > 0)


@dataclass(frozen=True)
class BgNbd:
    """Parameters of the BG/NBD model; time in weeks."""
    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, history: History) -> float:
        values, _gradient = _bgnbd(np.log([self.r, self.alpha, self.a, self.b]), history)
        return float(values)

    def p_alive(self, history: History) -> Array:
        """Probability that the customer has not dropped out (Fader, Hardie and Lee 2008, "Computing P(alive) Using the
        BG/NBD Model"). Customers with one purchase count as alive: in this model one drops out at a purchase only, and
        never at the first one.

        >>> cdnow = BgNbd(0.243, 4.414, 0.793, 2.426)
        >>> cdnow.p_alive(History(*np.array([[2, 0], [30.43, 0], [38.86, 38.86], [0, 0]]))).round(3).tolist()
        [0.727, 1.0]
        """
        x = history.frequency
        odds = (np.log(self.a) - np.log(np.maximum(self.b + x - 1, 1e-300))
                + (self.r + x) * (np.log(self.alpha + history.age) - np.log(self.alpha + history.recency)))
        return np.where(x > 0, expit(-odds), 1.0)

    def expected_purchases(self, history: History, weeks: float) -> Array:
        """Purchases expected of each customer in the next `weeks`: equation (10) of the paper.

        With Euler's transformation of the hypergeometric function, in which the powers of many purchases, too large
        for a computer, cancel: (1-z)^(r+x) 2F1(r+x, b+x; c; z) = (1-z)^(a-1) 2F1(a+b-1-r, a-1; c; z), c = a+b+x-1 and
        z = weeks / (alpha+T+weeks).

        >>> cdnow = BgNbd(0.243, 4.414, 0.793, 2.426)
        >>> cdnow.expected_purchases(History(*np.array([[2.0], [30.43], [38.86], [0]])), 39).round(3).tolist()
        [1.226]
        """
        # At a = 1 and at a + b = 1 (with x = 0) the formula is 0 / 0, and continuous: a step aside is no error. And
        # where r - a is a whole number, hyp2f1 goes another way, which overflows.
        a = self.a + 1e-6 if abs(self.a - 1) < 1e-6 else self.a
        r = self.r + 1e-9 if abs(self.r - a - round(self.r - a)) < 1e-9 else self.r
        c = a + self.b + history.frequency - 1
        c = np.where(np.abs(c) < 1e-6, 1e-6, c)
        z = weeks / (self.alpha + history.age + weeks)
        stays = (1 - z) ** (a - 1) * hyp2f1(a + self.b - 1 - r, a - 1, c, z)
        return np.maximum(c / (a - 1) * (1 - stays), 0) * self.p_alive(history)


@dataclass(frozen=True)
class GammaGamma:
    """Parameters of the Gamma-Gamma model; `gamma` in the unit of the values."""
    p: float
    q: float
    gamma: float

    def log_likelihood(self, history: History) -> float:
        values, _gradient = _gamma_gamma(np.log([self.p, self.q, self.gamma]), history)
        return float(values)

    def expected_value(self, history: History) -> Array:
        """Mean value to expect of the next purchases: equation (5), between that of all customers and the own one.

        >>> cdnow = GammaGamma(6.25, 3.74, 15.44)
        >>> cdnow.expected_value(History(*np.array([[0, 2], [0, 20], [39, 39], [0, 60.0]]))).round(2).tolist()
        [35.22, 55.54]
        """
        x = history.frequency
        spent = np.where(history.is_valued, x * history.value, 0)
        return self.p * (self.gamma + spent) / (self.p * x + self.q - 1)


@dataclass(frozen=True)
class Fit:
    """What was fitted, and what not, and why.

    :param reason: '' where the models fit, else the first of: 'few_repeaters', 'bgnbd_not_converged',
        'bgnbd_degenerate', 'gamma_gamma_not_converged', 'gamma_gamma_degenerate', 'correlation'
    :param correlation: of purchases and their mean value (Pearson); 0 where it has no meaning
    """
    reason: str
    customers: int
    repeaters: int
    correlation: float = 0.0
    bgnbd: BgNbd | None = None
    gamma_gamma: GammaGamma | None = None
    log_likelihood: float | None = None

    @property
    def method(self) -> str:
        return 'simple' if self.reason else 'bgnbd'

    @property
    def sound_bgnbd(self) -> BgNbd | None:
        """The model of purchases where it fits, also when that of their values does not."""
        return None if self.reason.startswith('bgnbd') else self.bgnbd


def fit(history: History) -> Fit:
    """Fit both models, or say why the simple formula has to do."""
    facts = {'customers': len(history.frequency), 'repeaters': int(history.is_valued.sum())}
    if facts['repeaters'] < REPEATERS_MIN:
        return Fit('few_repeaters', **facts)
    facts['correlation'] = correlation(history)
    bgnbd, problem = fit_bgnbd(history)
    facts |= {'bgnbd': bgnbd, 'log_likelihood': bgnbd.log_likelihood(history)}
    if problem:
        return Fit(f'bgnbd_{problem}', **facts)
    facts['gamma_gamma'], problem = fit_gamma_gamma(history)
    if problem:
        return Fit(f'gamma_gamma_{problem}', **facts)
    return Fit('correlation' if abs(facts['correlation']) > CORRELATION_MAX else '', **facts)


def fit_bgnbd(history: History) -> tuple[BgNbd, str]:
    """Maximum likelihood; and '', 'not_converged' or 'degenerate'."""
    # Times of about 1 make parameters of about 1; the likelihood has the same maximum.
    scale = max(float(np.max(history.age)), 1e-9) / 10
    scaled = History(history.frequency, history.recency / scale, history.age / scale, history.value)
    (r, alpha, a, b), problem = _maximise(lambda logs: _bgnbd(logs, scaled), starts=[(1, 1, 1, 1), (0.3, 1, 0.5, 3)])
    return BgNbd(r, alpha * scale, a, b), problem


def fit_gamma_gamma(history: History) -> tuple[GammaGamma, str]:
    """Maximum likelihood over those who came back; and '', 'not_converged' or 'degenerate'.

    Also degenerate: q of 1 or less, where the mean value of all customers is infinite.
    """
    scale = float(np.mean(history.value[history.is_valued]))
    scaled = History(history.frequency, history.recency, history.age, history.value / scale)
    (p, q, gamma), problem = _maximise(lambda logs: _gamma_gamma(logs, scaled), starts=[(2, 3, 1), (6, 4, 0.5)])
    return GammaGamma(p, q, gamma * scale), problem or ('degenerate' if q <= 1.001 else '')


def correlation(history: History) -> float:
    """Pearson's, of the repeat purchases and their mean value.

    >>> correlation(History(*np.array([[1, 2, 3], [1, 1, 1], [2, 2, 2], [10, 20, 30]])))
    1.0
    """
    x, value = (figures[history.is_valued] for figures in (history.frequency, history.value))
    if len(x) < 2 or not x.std() or not value.std():
        return 0.0
    return float(np.clip(np.corrcoef(x, value)[0, 1], -1, 1).round(12))


def _maximise(
    objective: Callable[[Array], tuple[float, Array]], starts: list[tuple[float, ...]],
) -> tuple[tuple[float, ...], str]:
    """The best of several starts, over the logarithms of the parameters: those are above zero by nature.

    :param objective: logarithms -> (log-likelihood per customer or their sum, its gradient)
    """
    def negative(logs: Array) -> tuple[float, Array]:
        value, gradient = objective(logs)
        return -value / size, -gradient / size
    size = max(abs(objective(np.log(starts[0]))[0]), 1.0)  # the optimiser's tolerances are for figures of about 1
    low, high = np.log(PARAMETER_MIN), np.log(PARAMETER_MAX)
    found = [minimize(
        negative, np.log(start), jac=True, method='L-BFGS-B', bounds=[(low, high)] * len(start),
        options={'maxiter': 2000, 'ftol': 1e-14, 'gtol': 1e-9}) for start in starts]
    best = min(found, key=lambda result: result.fun)
    parameters = tuple(float(value) for value in np.exp(best.x))
    if np.any(best.x < low + 1e-3) or np.any(best.x > high - 1e-3):
        return parameters, 'degenerate'
    # Stopped by the precision of the numbers, at a place as flat as any maximum, is as good as converged.
    is_flat = np.max(np.abs(best.jac)) < 1e-6
    return parameters, '' if np.isfinite(best.fun) and (best.success or is_flat) else 'not_converged'


def _bgnbd(logs: Array, history: History) -> tuple[float, Array]:
    """Log-likelihood of (r, alpha, a, b), equation (6) of the paper, and its gradient by their logarithms."""
    r, alpha, a, b = np.exp(logs)
    x, age = history.frequency, history.age
    log_age, log_recency = np.log(alpha + age), np.log(alpha + history.recency)
    alive = -(r + x) * log_age
    # b + x - 1 is above zero where it is used: x >= 1.
    last = np.where(x > 0, b + x - 1, 1.0)
    dropped = np.where(x > 0, np.log(a) - np.log(last) - (r + x) * log_recency, -np.inf)
    both = np.logaddexp(alive, dropped)
    value = (gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x) - gammaln(b)
             - gammaln(a + b + x) + both).sum()
    is_alive, is_dropped = np.exp(alive - both), np.exp(dropped - both)
    together = digamma(a + b) - digamma(a + b + x)
    gradient = np.array([
        (digamma(r + x) - digamma(r) + np.log(alpha) - is_alive * log_age - is_dropped * log_recency).sum(),
        (r / alpha - (r + x) * (is_alive / (alpha + age) + is_dropped / (alpha + history.recency))).sum(),
        (together + is_dropped / a).sum(),
        (together + digamma(b + x) - digamma(b) - is_dropped / last).sum(),
    ])
    return value, gradient * np.exp(logs)


def _gamma_gamma(logs: Array, history: History) -> tuple[float, Array]:
    """Log-likelihood of (p, q, gamma), equation (1a) of the note, and its gradient by their logarithms."""
    p, q, gamma = np.exp(logs)
    x, mean = (figures[history.is_valued] for figures in (history.frequency, history.value))
    log_sum = np.log(gamma + x * mean)
    value = (gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma) + (p * x - 1) * np.log(mean)
             + p * x * np.log(x) - (p * x + q) * log_sum).sum()
    shape = digamma(p * x + q)
    gradient = np.array([
        (x * (shape - digamma(p * x) + np.log(mean) + np.log(x) - log_sum)).sum(),
        (shape - digamma(q) + np.log(gamma) - log_sum).sum(),
        (q / gamma - (p * x + q) / (gamma + x * mean)).sum(),
    ])
    return value, gradient * np.exp(logs)


# ---------------------------------------------------------------- values

def discounted_purchases(model: BgNbd, history: History, years: float, discount: float) -> Array:
    """Expected purchases of the horizon, those of each month discounted from its end; `discount` is a yearly rate."""
    total = before = np.zeros(len(history.frequency))
    for month, factor in _months(years, discount):
        reached = model.expected_purchases(history, month * WEEKS_PER_MONTH)
        total = total + factor * (reached - before)
        before = reached
    return total


def fitted_value(result: Fit, history: History, share: Array, years: float, discount: float) -> Array:
    """Expected margin of the horizon: discounted purchases x their expected value x margin as a share of the value."""
    assert result.bgnbd and result.gamma_gamma
    return (discounted_purchases(result.bgnbd, history, years, discount)
            * result.gamma_gamma.expected_value(history) * share)


def simple_value(margin: Array, retention: float, years: int, discount: float) -> Array:
    """Yearly margin x retention / (1 + discount - retention), limited to the years of the horizon.

    >>> simple_value(np.array([100.0]), 0.8, 2, 0.1).round(2).tolist()  # 80 / 1.1 + 64 / 1.21
    [125.62]
    >>> round(float(simple_value(np.array([100.0]), 0.8, 500, 0.1)[0] - 100 * 0.8 / (1 + 0.1 - 0.8)), 6)
    0.0
    """
    kept = retention / (1 + discount)
    return np.asarray(margin) * sum(kept ** year for year in range(1, years + 1))


def baseline_value(margin: Array, years: float, discount: float) -> Array:
    """The naive forecast: the margin of the last 12 months goes on, month by month, discounted like the others.

    >>> baseline_value(np.array([1200.0]), 1, 0).tolist()
    [1200.0]
    """
    return np.asarray(margin) / 12 * sum(factor for _month, factor in _months(years, discount))


def retention_rate(before: int, kept: int) -> float:
    """Share of the customers of the year before who bought again: (kept + 1) / (before + 2), the rule of succession
    (Laplace 1814), which says neither never nor always of a handful of customers.

    >>> retention_rate(98, 79), retention_rate(0, 0)
    (0.8, 0.5)
    """
    return (kept + 1) / (before + 2)


def _months(years: float, discount: float) -> Iterator[tuple[int, float]]:
    for month in range(1, round(12 * years) + 1):
        yield month, (1 + discount) ** (-month / 12)
