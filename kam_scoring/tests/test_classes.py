import random
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kam_scoring.engine import classes
from odoo.addons.kam_scoring.maths import pareto
from odoo.addons.kam_scoring.metrics import Scope

from .common import AS_OF, ScoringCase

COMPUTED = {'abc_class': 'a', 'abc_share': 1, 'rfm_segment': 'champion', 'revenue_year': 1, 'lifetime_value': 1}


class GivenScope(Scope):
    """A scope whose documents are `given`: rows of (account_id, date, amount)."""
    given = ()

    def sources(self):
        return [('kam_document', SQL(
            "SELECT * FROM unnest(%s::int[], %s::date[], %s::numeric[]) AS document (account_id, date, amount)",
            *map(list, zip(*self.given, strict=True))))]


@tagged('post_install', '-at_install')
class TestClasses(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model()
        cls.run_scoring()
        cls.gamma = cls.env['kam.account'].search([
            ('program_id', '=', cls.program.id), ('partner_id', '=', cls.gamma_partner.id)])

    def test_abc_by_hand(self):
        """Of 2700 euro Acme makes 2400 (88.9 %), of two entities in two currencies, and Gamma the other 300."""
        self.assertEqual(
            [(account.abc_class, account.revenue_year, round(account.abc_share, 4))
             for account in (self.acme, self.gamma, self.beta, self.free)],
            [('a', 2400, 88.8889), ('b', 300, 100), ('c', -250, 100), ('c', 0, 100)])

    def test_rfm_by_hand(self):
        """Purchases: Acme 6 days, the last one today, 3300; Gamma 1 in January, 300; Free 1 in 2022, 1000.
        Frequency of Gamma and Free is the same: both in the second fifth."""
        self.assertEqual(
            [(account.rfm_recency, account.rfm_frequency, account.rfm_monetary, account.rfm_segment)
             for account in (self.acme, self.gamma, self.free)],
            [(5, 5, 5, 'champion'), (3, 2, 1, 'attention'), (1, 2, 3, 'at_risk')])
        self.assertEqual((self.beta.rfm_recency, self.beta.rfm_segment), (0, False), "nothing but a credit note")

    def test_limits_of_the_programme(self):
        self.program.write({'abc_limit_a': 100, 'abc_limit_b': 100})
        self.run_scoring()
        self.assertEqual([self.acme.abc_class, self.gamma.abc_class, self.beta.abc_class], ['a', 'a', 'c'])

    def test_other_programme_has_its_own(self):
        """Programme B in dollars: Acme Asia alone, with the 1600 dollars of company B."""
        self.publish_model(self.program_b)
        self.run_scoring(program=self.program_b)
        account = self.account_of(self.acme_asia, self.program_b)
        self.assertEqual((account.revenue_year, account.abc_class, account.rfm_segment), (1600, 'a', 'loyal'))
        self.assertEqual(self.acme.revenue_year, 2400)

    def test_without_documents(self):
        """Who has stopped for two years loses its class; an archived account keeps what it had."""
        self.gamma.active = False
        self.run_scoring(date(2026, 3, 2))
        self.assertEqual((self.acme.abc_class, self.acme.rfm_segment, self.acme.revenue_year), (False, False, 0))
        self.assertEqual(self.gamma.abc_class, 'b')

    def test_past_run_leaves_them(self):
        self.run_scoring(date(2023, 3, 31))
        self.assertEqual((self.acme.abc_class, self.acme.revenue_year), ('a', 2400))

    def test_nothing_to_write(self):
        scope = Scope.of(self.program, AS_OF)
        classes.write(scope)
        self.assertEqual(self.env.cr.rowcount, 0)

    def test_failure_does_not_fail_the_run(self):
        bad = SQL("SELECT 1 / 0 AS account_id")
        with patch.object(classes, 'select', lambda scope: bad), \
                mute_logger('odoo.addons.kam_scoring.engine.classes', 'odoo.sql_db'):
            run = self.run_scoring()
        self.assertEqual(run.state, 'done')
        self.assertIn("stay as they were", run.message)
        self.assertEqual(self.acme.abc_class, 'a')

    def test_same_as_in_plain_python(self):
        """Random documents with many ties, against maths/pareto.py."""
        accounts = self.env['kam.account'].create([
            {'program_id': self.program_b.id, 'partner_id': partner.id} for partner in self.env['res.partner'].create([
                {'name': f"Customer {number}", 'is_company': True} for number in range(40)])])
        self.env.flush_all()
        for seed in range(5):
            rng = random.Random(seed)
            given = [
                (rng.choice(accounts.ids), AS_OF - timedelta(days=rng.choice((0, 10, 200, 364, 365, 366, 700))),
                 Decimal(rng.choice((-50, -10, 0, 10, 10, 25, 80, 400)))) for _document in range(120)]
            scope = GivenScope.of(self.program_b, AS_OF)
            object.__setattr__(scope, 'given', given)
            self.env.cr.execute(scope.with_sources(classes.select(scope), *classes.relations(scope)))
            found = {row[0]: row[1:] for row in self.env.cr.fetchall()}
            self.assertEqual(
                {account_id: row for account_id, row in found.items() if row[1]}, self.in_python(scope, given))

    def in_python(self, scope, given):
        """{account: the columns of the statement}, of those with documents."""
        ids = sorted({account_id for account_id, _day, _amount in given})
        days = {account_id: {} for account_id in ids}
        for account_id, day, amount in given:
            days[account_id][day] = days[account_id].get(day, 0) + amount
        revenue = {account_id: sum((amount for day, amount in spent.items() if day > scope.date_from), Decimal())
                   for account_id, spent in days.items()}
        abc = dict(zip(ids, pareto.abc_classes(list(revenue.values())), strict=True))
        bought = {account_id: [day for day, amount in spent.items() if amount > 0]
                  for account_id, spent in days.items()}
        buyers = [account_id for account_id in ids if bought[account_id]]
        marks = dict(zip(buyers, zip(*(pareto.marks([measure(account_id) for account_id in buyers]) for measure in (
            lambda account_id: max(bought[account_id]), lambda account_id: len(bought[account_id]),
            lambda account_id: sum(days[account_id].values()))), strict=True), strict=True))
        return {account_id: (
            revenue[account_id], *abc[account_id], *(marks.get(account_id) or (None,) * 3),
            pareto.segment(*marks[account_id]) if account_id in marks else None,
            scope.currency.id) for account_id in ids}

    def test_fields_have_the_segments(self):
        self.assertEqual(
            [code for code, _name in self.env['kam.account']._fields['rfm_segment'].selection],
            list(pareto.SEGMENTS))

    def test_sums_of_segments(self):
        """What graph and pivot ask for: amounts in the currency of the programme, summed by segment."""
        groups = self.as_user(self.env['kam.account'], self.champion).formatted_read_group(
            [('program_id', '=', self.program.id)], ['abc_class'],
            ['revenue_year:sum', 'value_currency_id:array_agg_distinct', 'lifetime_value:sum'], order='abc_class')
        self.assertEqual(
            [(group['abc_class'], group['revenue_year:sum'], group['value_currency_id:array_agg_distinct'])
             for group in groups],
            [(code, amount, [self.program.currency_id.id]) for code, amount in (('a', 2400), ('b', 300), ('c', -250))])

    # Access

    def test_nobody_writes(self):
        for user in (self.manager, self.champion):
            for name, value in COMPUTED.items():
                with self.assertRaisesRegex(UserError, "computed"), self.cr.savepoint():
                    self.as_user(self.acme, user).write({name: value})

    def test_limits_have_an_order(self):
        for values in ({'abc_limit_a': 96}, {'abc_limit_b': 101}, {'abc_limit_a': 0}):
            with self.assertRaises(psycopg2.IntegrityError), mute_logger('odoo.sql_db'), self.cr.savepoint():
                self.program.write(values)

    def test_pareto_chart(self):
        """Everybody sees the bars of the accounts that they may see; the line is that of the whole programme."""
        Program = self.env['kam.program']
        chart = self.as_user(Program, self.champion).pareto_chart(self.program.id)
        self.assertEqual(
            [(one['id'], one['revenue'], round(one['share'], 1), one['class']) for one in chart['accounts']],
            [(self.acme.id, 2400, 88.9, 'a'), (self.gamma.id, 300, 100, 'b')])
        self.assertEqual([(one['code'], one['count'], one['revenue']) for one in chart['classes']],
                         [('a', 1, 2400), ('b', 1, 300), ('c', 2, -250)])
        self.assertEqual((chart['date'], chart['limits']), ('2024-02-29', {'a': 80, 'b': 95}))
        self.assertEqual(chart['currency_id'], self.env.ref('base.EUR').id)
        colleague = self.as_user(Program, self.colleague).pareto_chart(self.program.id)
        self.assertEqual([one['id'] for one in colleague['accounts']], [self.gamma.id], "nobody manages it")
        self.assertEqual([round(one['share'], 1) for one in colleague['accounts']], [100])
        best = self.as_user(Program, self.champion).pareto_chart(self.program.id, limit=1)
        self.assertEqual([one['id'] for one in best['accounts']], [self.acme.id])

    def test_pareto_chart_of_another_company(self):
        """Programme B covers company B only: who asks for it from company A gets a programme of company A."""
        self.publish_model(self.program_b)
        self.run_scoring(program=self.program_b)
        chart = self.as_user(self.env['kam.program'], self.manager).pareto_chart(self.program_b.id)
        self.assertNotIn(self.program_b.id, [chart['program_id'], *(one['id'] for one in chart['programs'])])
        self.assertNotIn(self.account_of(self.acme_asia, self.program_b).id, [one['id'] for one in chart['accounts']])
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.program'], self.sales).pareto_chart(self.program.id)

    def test_pareto_chart_reads_little(self):
        Program = self.as_user(self.env['kam.program'], self.champion)
        Program.pareto_chart(self.program.id)  # what is read once and kept is no matter
        few = self.statements(lambda: Program.pareto_chart(self.program.id, limit=1))
        self.assertEqual(self.statements(lambda: Program.pareto_chart(self.program.id)), few)
