import doctest
from datetime import date
from unittest.mock import patch

import numpy as np

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kam_scoring.engine import lifetime as engine
from odoo.addons.kam_scoring.maths import lifetime, pareto
from odoo.addons.kam_scoring.maths.lifetime import BgNbd, Fit, GammaGamma, History
from odoo.addons.kam_scoring.models import kam_lifetime_fit

from .common import AS_OF, ScoringCase

LOGGER = 'odoo.addons.kam_scoring.models.kam_lifetime_fit'
CDNOW = Fit('', 2357, 946, 0.11, BgNbd(0.243, 4.414, 0.793, 2.426), GammaGamma(6.25, 3.74, 15.44), -9582.4)


@tagged('post_install', '-at_install')
class TestLifetimeFit(ScoringCase):
    """See ScoringCase. Of the customers of the year before (Acme, Free) one bought again: retention (1 + 1) / (2 + 2).

    Acme has a margin of 2400 - 1220 = 1180 in 12 months; each year half of it is kept and discounted by 10 %:
    1180 * (0.5/1.1 + (0.5/1.1) ** 2 + (0.5/1.1) ** 3) = 890.98.
    """

    @classmethod
    def fit(cls, day=AS_OF, program=None):
        fit = cls.env['kam.lifetime.fit']._fit_program(program or cls.program, day)
        cls.env.invalidate_all()
        return fit

    def test_doctests(self):
        for module in (lifetime, pareto):
            self.assertFalse(doctest.testmod(module).failed)

    def test_simple_formula_by_hand(self):
        fit = self.fit()
        self.assertEqual((fit.state, fit.method, fit.reason), ('done', 'simple', 'few_repeaters'), fit.message)
        self.assertEqual((fit.customer_count, fit.repeat_count, fit.retention), (2, 1, 0.5))
        self.assertAlmostEqual(self.acme.lifetime_value, 890.98, 2)
        month = 1.1 ** (-1 / 12)
        self.assertAlmostEqual(
            self.acme.lifetime_margin_baseline, 1180 / 12 * month * (1 - month ** 36) / (1 - month), 2)
        self.assertEqual((self.acme.lifetime_fit_id, self.acme.lifetime_method, self.acme.p_alive), (fit, 'simple', 0))
        self.assertEqual((self.free.lifetime_value, self.free.lifetime_fit_id), (0, fit), "nothing for a year")
        self.assertFalse(self.beta.lifetime_fit_id, "never bought")
        self.assertAlmostEqual(fit.value_total, 890.98, 2)

    def test_settings_of_the_programme(self):
        """One year without discount; a customer whose products have no cost has the usual margin."""
        self.program.write({'lifetime_years': 1, 'discount_rate': 0, 'margin_default': 40})
        gamma = self.env['kam.account'].create({
            'program_id': self.program.id, 'partner_id': self.gamma_partner.id})
        self.fit()
        self.assertAlmostEqual(self.acme.lifetime_value, 1180 * 0.5, 2)
        self.assertAlmostEqual(gamma.lifetime_value, 300 * 0.4 * 0.5, 2)
        self.assertAlmostEqual(gamma.lifetime_margin_baseline, 120, 2)

    def test_margin_of_all_years(self):
        """Nothing of the last 12 months has a cost, but the 1000 of 2022 cost 60: margin 1040 of 1100."""
        self.invoice(self.free_partner, '2024-01-01', 100, product=self.advice)
        self.fit()
        kept = 0.75 / 1.1  # both customers of the year before bought again
        self.assertAlmostEqual(
            self.free.lifetime_value, 100 * 1040 / 1100 * (kept + kept ** 2 + kept ** 3), 2)

    def test_facts_of_one_account(self):
        """Acme since 2022-02-28: 999, then 6 days with 3300 in all, the credit note of 100 taken off."""
        self.env.flush_all()
        facts = engine.facts(self.program.sudo(), AS_OF)
        row = facts.account_ids.tolist().index(self.acme.id)
        self.assertEqual(
            [figures[row] for figures in (facts.history.frequency, facts.history.recency, facts.history.age,
                                          facts.history.value)], [6, 731 / 7, 731 / 7, 550])
        self.assertAlmostEqual(facts.share[row], 1180 / 2400)
        self.assertAlmostEqual(facts.margin[row], 1180)

    def test_margin_without_limits(self):
        """A loss beyond the revenue counts as the revenue lost; a year of credit notes brings nothing."""
        self.invoice(self.free_partner, '2024-01-01', 10)  # costs 60
        self.invoice(self.acme_partner, '2024-01-02', 9999, move_type='out_refund')
        self.env.flush_all()
        facts = engine.facts(self.program.sudo(), AS_OF)
        by_account = dict(zip(facts.account_ids.tolist(), zip(facts.margin, facts.share, strict=True), strict=True))
        self.assertEqual(by_account[self.free.id], (-10, -1))
        self.assertEqual(by_account[self.acme.id][0], 0)

    def test_purchase_model(self):
        """With parameters given, the account has what the mathematics says of its figures."""
        with patch.object(kam_lifetime_fit, 'fit_models', lambda history: CDNOW):
            fit = self.fit()
        history = History(*np.array([[6], [731 / 7], [731 / 7], [550]]))
        expected = (lifetime.discounted_purchases(CDNOW.bgnbd, history, 3, 0.1)
                    * CDNOW.gamma_gamma.expected_value(history) * 1180 / 2400)[0]
        self.assertEqual((fit.method, fit.reason, self.acme.lifetime_method), ('bgnbd', False, 'bgnbd'))
        self.assertAlmostEqual(self.acme.lifetime_value, expected, 2)
        self.assertAlmostEqual(self.acme.p_alive, CDNOW.bgnbd.p_alive(history)[0], 4)
        self.assertIn("alpha 4.414", fit.parameter_text)
        self.assertEqual(self.free.p_alive, 1, "one purchase")

    def test_purchases_without_values(self):
        """Where only the model of values does not hold, the probability of being a customer is still known."""
        fitted = Fit('correlation', 100, 80, 0.9, CDNOW.bgnbd, CDNOW.gamma_gamma, -10)
        with patch.object(kam_lifetime_fit, 'fit_models', lambda history: fitted):
            fit = self.fit()
        self.assertEqual((fit.method, fit.reason), ('simple', 'correlation'))
        self.assertAlmostEqual(self.acme.lifetime_value, 890.98, 2)
        self.assertGreater(self.acme.p_alive, 0.9)

    def test_every_reason_has_its_words(self):
        reasons = [code for code, _name in self.env['kam.lifetime.fit']._fields['reason'].selection]
        models = [f'{model}_{problem}' for model in ('bgnbd', 'gamma_gamma')
                  for problem in ('not_converged', 'degenerate')]
        self.assertEqual(sorted(reasons), sorted(['few_repeaters', 'correlation', *models]))

    def test_programme_in_another_currency(self):
        account = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_asia.id})
        self.fit(program=self.program_b)
        # 1600 dollars, cost 2 * 50 and 12 * 50; one of one customer bought again: (1 + 1) / (1 + 2)
        kept = 2 / 3 / 1.1
        self.assertAlmostEqual(account.lifetime_value, 900 * (kept + kept ** 2 + kept ** 3), 2)
        self.assertFalse(self.acme.lifetime_fit_id)

    def test_nothing_ever_bought(self):
        self.env['kam.account'].search([('program_id', '=', self.program_b.id)]).active = False
        fit = self.fit(program=self.program_b)
        self.assertEqual((fit.state, fit.customer_count, fit.reason), ('done', 0, 'few_repeaters'))

    def test_older_date_leaves_the_accounts(self):
        newest, older = self.fit(), self.fit(date(2023, 3, 31))
        self.assertEqual(older.state, 'done')
        self.assertEqual(self.acme.lifetime_fit_id, newest)

    def test_customer_that_leaves_the_programme(self):
        self.fit()
        self.first.line_ids.remove_move_reconcile()
        moves = self.env['account.move'].search([('commercial_partner_id', '=', self.free_partner.id)])
        moves.button_draft()
        self.fit()
        self.assertFalse(self.free.lifetime_fit_id, "no posted purchase any more")

    def test_failure(self):
        before = self.fit()
        with patch.object(kam_lifetime_fit.lifetime, 'facts', side_effect=ValueError("of all things")), \
                mute_logger(LOGGER):
            failed = self.fit()
        self.assertEqual(failed.state, 'failed')
        self.assertIn("of all things", failed.message)
        self.assertEqual(self.acme.lifetime_fit_id, before)

    def test_statements_do_not_grow(self):
        def compute():
            self.env['kam.lifetime.fit']._fit_program(self.program, AS_OF)
        compute()
        few = self.statements(compute)
        partners = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True} for number in range(10)])
        self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id} for partner in partners])
        for partner in partners:
            self.invoice(partner, '2024-01-01', 100)
        compute()
        self.assertEqual(self.statements(compute), few)

    def test_metric(self):
        self.assertIsNone(self.value('lifetime_value', self.acme))
        self.fit()
        self.assertAlmostEqual(float(self.value('lifetime_value', self.acme)), 890.98, 2)
        self.assertEqual(float(self.value('lifetime_value', self.free)), 0)
        self.assertIsNone(self.value('lifetime_value', self.beta))
        self.publish_model(criteria=[('lifetime_value', 10, 'linear', 0, 1000)])
        self.run_scoring()
        self.assertAlmostEqual(self.acme.score, 89.1, 1)

    # Scheduled

    def test_cron(self):
        Fit = self.env['kam.lifetime.fit']
        both = self.program | self.program_b
        self.assertEqual(Fit._due_programs() & both, both)
        self.fit(day=fields.Date.today(), program=self.program_b)
        self.assertEqual(Fit._due_programs() & both, self.program)
        with self.enter_registry_test_mode():
            self.env.ref('kam_scoring.ir_cron_lifetime').method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(Fit._due_programs() & both)
        self.assertEqual(self.acme.lifetime_date, fields.Date.today())
        Fit.search([('program_id', '=', self.program.id)]).date = '2024-01-01'
        self.assertIn(self.program, Fit._due_programs())

    def test_bad_programme_stops_no_other(self):
        KamLifetimeFit = self.registry['kam.lifetime.fit']
        compute = KamLifetimeFit._compute_program

        def fail_for_a(Fit, program, *arguments):
            if program == self.program:
                raise KeyError("of all things")
            return compute(Fit, program, *arguments)
        with patch.object(KamLifetimeFit, '_compute_program', fail_for_a), self.enter_registry_test_mode(), \
                mute_logger(LOGGER):
            self.env.ref('kam_scoring.ir_cron_lifetime').method_direct_trigger()
        self.env.invalidate_all()
        states = {fit.program_id: fit.state for fit in self.env['kam.lifetime.fit'].search([
            ('program_id', 'in', (self.program | self.program_b).ids)])}
        self.assertEqual(states, {self.program: 'failed', self.program_b: 'done'})

    # Access

    def test_who_sees_it(self):
        fit, other = self.fit(), self.fit(program=self.program_b)
        for user in (self.manager, self.executive):
            seen = self.as_user(self.env['kam.lifetime.fit'], user).search([])
            self.assertIn(fit, seen)
            self.assertNotIn(other, seen, "another company")
        self.assertIn(other, self.as_user(self.env['kam.lifetime.fit'], self.champion).search([]))
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.lifetime.fit'], self.sales).search([])
        self.assertAlmostEqual(self.as_user(self.acme, self.manager).lifetime_value, 890.98, 2)
        self.assertEqual(self.as_user(self.acme, self.manager).lifetime_method, 'simple')
        with self.assertRaises(AccessError):
            self.as_user(self.acme, self.colleague).read(['lifetime_value'])

    def test_sums_are_not_for_everybody(self):
        fit = self.fit()
        self.assertAlmostEqual(self.as_user(fit, self.executive).value_total, 890.98, 2)
        self.assertTrue(self.as_user(fit, self.champion).baseline_total)
        for name in ('value_total', 'baseline_total'):
            with self.assertRaises(AccessError):
                self.as_user(fit, self.manager).read([name])

    def test_nobody_writes(self):
        self.fit()
        for user in (self.manager, self.executive, self.champion):
            Fit = self.as_user(self.env['kam.lifetime.fit'], user)
            for operation in ('write', 'create', 'unlink'):
                self.assertFalse(Fit.has_access(operation), (user.login, operation))

    def test_who_starts_it(self):
        for user in (self.manager, self.executive):
            with self.assertRaises(AccessError):
                self.as_user(self.program, user).action_fit_lifetime()
        action = self.as_user(self.program, self.champion).action_fit_lifetime()
        self.assertEqual(self.env['kam.lifetime.fit'].browse(action['res_id']).state, 'done')
        self.program.champion_ids = self.champion2
        with self.assertRaises(AccessError):
            self.as_user(self.program, self.champion).action_fit_lifetime()
