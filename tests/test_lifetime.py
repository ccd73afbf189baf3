"""The models of customer lifetime value against what was published, on the data it was published for, and against
themselves: other ways to the same figures, and samples drawn from known parameters.
"""
from collections import defaultdict
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import check_grad
from scipy.special import betaln

from odoo.addons.kam_scoring.maths import lifetime
from odoo.addons.kam_scoring.maths.lifetime import BgNbd, GammaGamma, History

# Fader, Hardie and Lee (2005), table 2; Fader and Hardie (2013).
BGNBD = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
GAMMA_GAMMA = GammaGamma(p=6.25, q=3.74, gamma=15.44)
# The first 39 weeks are known; the next 39 weeks are what came.
KNOWN, LATER = datetime(1997, 9, 30), datetime(1998, 6, 30)

parameter = st.floats(0.05, 20)
purchases = st.tuples(st.integers(0, 300), st.floats(0, 1), st.floats(0.1, 500))


def customers(rows):
    """A history of (x, t_x, T, value), one row a customer."""
    return History(*np.array(rows, dtype=float).reshape(-1, 4).T)


def one(count, part, age):
    """A customer with `count` repeat purchases, the last one after a part of its age."""
    return customers([(count, part * age if count else 0, age, 10)])


@pytest.fixture(scope="module")
def days(shared):
    """{customer: {day: dollars}}"""
    path = shared / "data" / "cdnow_sample.txt"
    if not path.exists():
        pytest.skip(f"The shared data is not here: {path}")
    found = defaultdict(lambda: defaultdict(float))
    for line in path.read_text().splitlines():
        if line.strip():
            _master, customer, day, _count, dollars = line.split()
            found[customer][datetime.strptime(day, "%Y%m%d")] += float(dollars)
    return found


def history_until(days, end):
    rows = []
    for spent in days.values():
        bought = sorted(day for day in spent if day <= end)
        repeats = [spent[day] for day in bought[1:]]
        rows.append((
            len(repeats), (bought[-1] - bought[0]).days / 7, (end - bought[0]).days / 7,
            sum(repeats) / len(repeats) if repeats else 0))
    return customers(rows)


@pytest.fixture(scope="module")
def cdnow(days):
    return history_until(days, KNOWN)


@pytest.fixture(scope="module")
def fit(cdnow):
    return lifetime.fit(cdnow)


def test_sample_is_the_published_one(cdnow):
    assert len(cdnow.frequency) == 2357
    assert int(cdnow.is_repeater.sum()) == 946


def test_published_parameters(fit):
    assert (fit.method, fit.reason) == ("bgnbd", "")
    assert vars(fit.bgnbd) == pytest.approx(vars(BGNBD), abs=5e-4)
    assert vars(fit.gamma_gamma) == pytest.approx(vars(GAMMA_GAMMA), abs=5e-3)
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert fit.correlation == pytest.approx(0.11, abs=5e-3)


def test_published_forecast():
    """The worked example: customer 0001 of the paper's spreadsheet."""
    assert BGNBD.expected_purchases(customers([(2, 30.43, 38.86, 0)]), 39)[0] == pytest.approx(1.226, abs=5e-4)


def test_forecast_of_what_came_is_better_than_going_on(fit, cdnow, days):
    """Each customer's purchases of the next 39 weeks: less wrong by the model than by those of the 39 weeks before."""
    came = history_until(days, LATER).frequency - cdnow.frequency
    expected = fit.bgnbd.expected_purchases(cdnow, 39)
    assert abs(expected.sum() / came.sum() - 1) < 0.15 < abs(cdnow.frequency.sum() / came.sum() - 1)
    assert np.abs(expected - came).mean() < 0.9 * np.abs(cdnow.frequency - came).mean()
    assert np.corrcoef(expected, came)[0, 1] > np.corrcoef(cdnow.frequency, came)[0, 1] > 0.5


def test_value_of_all(fit, cdnow):
    """Discounting takes away, more time adds, and half the margin is half the value."""
    def value(years, discount, share=0.3):
        return lifetime.fitted_value(fit, cdnow, np.full(len(cdnow.age), share), years, discount)
    assert (value(1, 0.1) < value(1, 0)).all()
    assert (value(1, 0.1) < value(3, 0.1)).all()
    assert value(3, 0.1, 0.15) == pytest.approx(value(3, 0.1) / 2)


# ---------------------------------------------------------------- other ways to the same figures

@settings(deadline=None, max_examples=60)
@given(parameter, parameter, parameter, parameter, st.lists(purchases, min_size=1, max_size=5))
def test_gradient_of_bgnbd(r, alpha, a, b, rows):
    history = customers([(count, part * age if count else 0, age, 1) for count, part, age in rows])
    logs = np.log([r, alpha, a, b])
    error = check_grad(
        lambda at: lifetime._bgnbd(at, history)[0], lambda at: lifetime._bgnbd(at, history)[1], logs, epsilon=1e-6)
    assert error < 1e-3 * (1 + np.abs(lifetime._bgnbd(logs, history)[1]).max())


@settings(deadline=None, max_examples=60)
@given(parameter, parameter, parameter, st.lists(
    st.tuples(st.integers(1, 300), st.floats(0.1, 10)), min_size=1, max_size=5))
def test_gradient_of_gamma_gamma(p, q, gamma, rows):
    history = customers([(count, 1, 1, value) for count, value in rows])
    logs = np.log([p, q, gamma])
    error = check_grad(
        lambda at: lifetime._gamma_gamma(at, history)[0], lambda at: lifetime._gamma_gamma(at, history)[1], logs,
        epsilon=1e-6)
    assert error < 1e-3 * (1 + np.abs(lifetime._gamma_gamma(logs, history)[1]).max())


def integrated(model, count, recency, age, weeks):
    """Expected purchases of one customer, by integration over its probability of dropping out.

    Alive with rate and probability p, it makes (1 - exp(-rate p weeks)) / p purchases; the rate is Gamma(r + x) with
    scale alpha + T, and p is Beta(a, b + x).
    """
    def density(p):
        log = (model.a - 1) * np.log(p) + (model.b + count - 1) * np.log1p(-p) - betaln(model.a, model.b + count)
        reach = model.alpha + age
        return np.exp(log) * -np.expm1(-(model.r + count) * np.log1p(p * weeks / reach)) / p
    # In a variable that takes the peak at 0 away.
    power = 1 / min(model.a, 1)
    total, _error = quad(
        lambda u: density(u ** power) * power * u ** (power - 1), 0, 1, limit=400, epsabs=1e-12, epsrel=1e-9)
    return total * model.p_alive(customers([(count, recency, age, 0)]))[0]


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 5), st.floats(0.5, 20), st.floats(0.3, 5), st.floats(1.1, 8), st.integers(0, 60),
       st.floats(0, 1), st.floats(1, 200), st.floats(1, 200))
def test_expected_purchases_by_integration(r, alpha, a, b, count, part, age, weeks):
    model, recency = BgNbd(r, alpha, a, b), part * age if count else 0
    found = model.expected_purchases(customers([(count, recency, age, 0)]), weeks)[0]
    assert found == pytest.approx(integrated(model, count, recency, age, weeks), rel=1e-4, abs=1e-8)


def test_where_the_formula_is_zero_by_zero():
    """a = 1, and a + b = 1 for a customer with one purchase; a whole number r - a, where the library overflows."""
    for r, a, b in ((0.243, 1, 2.426), (0.243, 0.4, 0.6), (0.243, 1, 1e-4), (0.5, 0.5, 0.5), (2, 1, 3)):
        for count in (0, 3, 99):
            history = one(count, 0.5, 40)
            here, near = (BgNbd(r, 4.414, found, b).expected_purchases(history, 39)[0] for found in (a, a + 1e-4))
            assert np.isfinite(here) and here == pytest.approx(near, rel=1e-2)


# ---------------------------------------------------------------- what must hold whatever the figures

@settings(deadline=None, max_examples=200)
@given(parameter, parameter, parameter, parameter, st.integers(0, 5000), st.floats(0, 1), st.floats(0.1, 800),
       st.floats(1, 400))
def test_bounds(r, alpha, a, b, count, part, age, weeks):
    model, history = BgNbd(r, alpha, a, b), one(count, part, age)
    soon, later = (model.expected_purchases(history, time)[0] for time in (weeks, 2 * weeks))
    assert 0 <= model.p_alive(history)[0] <= 1
    assert np.isfinite(later) and 0 <= soon <= later + 1e-5
    # Never more than at its own rate without ever dropping out.
    assert later <= (r + count) / (alpha + age) * 2 * weeks * (1 + 1e-6) + 1e-5


@given(st.floats(0.1, 20), st.floats(1.01, 20), st.floats(0.01, 1e5), st.integers(1, 1000), st.floats(0.01, 1e6))
def test_expected_value_lies_between(p, q, gamma, count, value):
    """Between the mean of all customers and the own one, nearer to that with every purchase."""
    model = GammaGamma(p, q, gamma)
    mean = p * gamma / (q - 1)
    found, more = model.expected_value(customers([(count, 1, 1, value), (count + 5, 1, 1, value)]))
    assert min(mean, value) * (1 - 1e-9) <= found <= max(mean, value) * (1 + 1e-9)
    assert abs(more - value) <= abs(found - value) * (1 + 1e-9) + 1e-9


@given(st.floats(-1e6, 1e6), st.floats(0.01, 0.99), st.integers(1, 10), st.floats(0, 1))
def test_simple_value(margin, retention, years, discount):
    value = lifetime.simple_value(np.array([margin]), retention, years, discount)[0]
    endless = margin * retention / (1 + discount - retention)
    kept = retention / (1 + discount)
    assert value == pytest.approx(endless * (1 - kept ** years), rel=1e-9, abs=1e-9)


# ---------------------------------------------------------------- fits, and where there is none

def drawn(model, values, count, weeks, seed):
    """Customers as the models describe them, drawn with known parameters."""
    rng = np.random.default_rng(seed)
    rows = []
    for _customer in range(count):
        rate, leaves = rng.gamma(model.r, 1 / model.alpha), rng.beta(model.a, model.b) if model.a else 0
        age, time, bought = rng.uniform(weeks / 2, weeks), 0.0, []
        while True:
            time += rng.exponential(1 / rate)
            if time > age:
                break
            bought.append(time)
            if rng.random() < leaves:
                break
        level = rng.gamma(values.q, 1 / values.gamma)
        spent = rng.gamma(values.p * len(bought), 1 / level) / len(bought) if bought else 0
        rows.append((len(bought), bought[-1] if bought else 0, age, spent))
    return customers(rows)


def test_drawn_parameters_are_found():
    model, values = BgNbd(0.8, 6, 0.7, 3), GammaGamma(5, 4, 100)
    found = lifetime.fit(drawn(model, values, 6000, 100, seed=1))
    assert found.method == "bgnbd"
    assert list(vars(found.bgnbd).values()) == pytest.approx(list(vars(model).values()), rel=0.2)
    assert list(vars(found.gamma_gamma).values()) == pytest.approx(list(vars(values).values()), rel=0.2)


def test_unit_of_time_and_money_does_not_matter(cdnow, fit):
    other = lifetime.fit(History(cdnow.frequency, cdnow.recency * 7, cdnow.age * 7, cdnow.value * 100))
    assert (other.bgnbd.r, other.bgnbd.alpha / 7, other.bgnbd.b) == pytest.approx(
        (fit.bgnbd.r, fit.bgnbd.alpha, fit.bgnbd.b), rel=1e-3)
    assert other.gamma_gamma.gamma / 100 == pytest.approx(fit.gamma_gamma.gamma, rel=1e-3)


def test_nobody_and_few():
    for rows in ([], [(0, 0, 50, 0)] * 500, [(3, 20, 30, 10)] * 29):
        assert lifetime.fit(customers(rows)).reason == "few_repeaters"


def test_nobody_ever_leaves():
    model = BgNbd(2, 2, 0, 1)  # a = 0: see drawn()
    found = lifetime.fit(drawn(model, GammaGamma(5, 4, 100), 800, 100, seed=2))
    assert found.method == "simple" and found.reason == "bgnbd_degenerate"
    assert found.sound_bgnbd is None


def test_all_alike():
    """Everybody buys the same for the same: there is nothing to tell apart."""
    found = lifetime.fit(customers([(10, 100, 104, 50)] * 100))
    assert found.reason == "bgnbd_degenerate"


def test_who_buys_more_often_buys_for_more():
    history = drawn(BgNbd(0.8, 6, 0.7, 3), GammaGamma(5, 4, 100), 2000, 100, seed=3)
    found = lifetime.fit(History(history.frequency, history.recency, history.age, 10 + history.frequency ** 2.0))
    assert found.correlation > lifetime.CORRELATION_MAX
    assert found.method == "simple" and found.sound_bgnbd is not None


def test_purchases_given_back_are_no_values():
    """Who gave all back is a customer that came back, but takes no part in the fit of values."""
    history = customers([(2, 10, 20, -5), (2, 10, 20, 30)])
    assert history.is_repeater.tolist() == [True, True]
    assert history.is_valued.tolist() == [False, True]
    nothing, something = GAMMA_GAMMA.expected_value(history)
    assert 0 < nothing < something
