import math

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.kam_scoring.engine import Criterion, points


def criterion(normalization='linear', zero=0.0, full=100.0, weight=1.0):
    return Criterion(1, 'revenue', weight, normalization, zero, full)


@tagged('post_install', '-at_install')
class TestPoints(TransactionCase):
    """The formulas of `engine/points.py`, on values without accounts."""

    def points_of(self, values, by):
        rows = SQL("unnest(%s::float8[]) WITH ORDINALITY AS row (value, position)", values)
        place = points.position(by, SQL("value"))
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT %s FROM (SELECT *, %s AS place FROM %s) placed ORDER BY position",
            points.points(by, SQL("place")), place, rows))]

    def test_linear(self):
        by = criterion(zero=-20, full=30)
        self.assertEqual(self.points_of([-20, 30, 5, 0], by), [0, 100, 50, 40])

    def test_linear_is_clamped(self):
        self.assertEqual(self.points_of([-1e9, 1e9, -0.001, 100.001], criterion()), [0, 100, 0, 100])

    def test_lower_is_better(self):
        by = criterion(zero=60, full=0)
        self.assertEqual(self.points_of([0, 60, 15, 90], by), [100, 0, 75, 0])

    def test_no_value_no_points(self):
        for normalization in ('linear', 'percentile'):
            self.assertEqual(self.points_of([None, None], criterion(normalization)), [None, None])

    def test_percentile(self):
        by = criterion('percentile')
        self.assertEqual(self.points_of([10, 20, 30, 40, 1000], by), [0, 25, 50, 75, 100])

    def test_percentile_of_ties_and_gaps(self):
        # 5 has one below and none above of 4; the two 3s share their place; the missing one does not count
        by = criterion('percentile')
        expected = [50 * (1 + (1 - 1) / 3), 0, 100, 50 * (1 + (1 - 1) / 3), None]
        self.assertEqual(self.points_of([3, 1, 5, 3, None], by), expected)

    def test_percentile_of_one_and_of_equals(self):
        by = criterion('percentile')
        self.assertEqual(self.points_of([7, None], by), [50, None])
        self.assertEqual(self.points_of([7, 7, 7], by), [50, 50, 50])

    def test_percentile_turned_round(self):
        values = [3, 1, 5, 3, 8, None]
        up = self.points_of(values, criterion('percentile'))
        down = self.points_of(values, criterion('percentile', zero=100, full=0))
        for high, low in zip(up, down, strict=True):
            self.assertEqual(high is None, low is None)
            if high is not None:
                self.assertAlmostEqual(high + low, 100, 12)

    def test_percentile_bounds(self):
        """Bounds of a percentile are places: here the lower half gets nothing."""
        by = criterion('percentile', zero=50, full=100)
        self.assertEqual(self.points_of([1, 2, 3, 4, 5], by), [0, 0, 0, 50, 100])

    def test_weighted_mean_leaves_out_what_is_missing(self):
        weights = [points.weight(criterion(weight=weight)) for weight in (30.0, 20.0, 50.0)]
        columns = [SQL("80::float8"), SQL("NULL::float8"), SQL("40::float8")]
        total, known = self.env.execute_query(SQL(
            "SELECT %s, %s", points.weighted(weights, columns), points.known_weight(weights, columns)))[0]
        self.assertTrue(math.isclose(total / known, (30 * 80 + 50 * 40) / 80))
        self.assertEqual(known, 80)
