from datetime import date

from odoo.fields import Command, Domain
from odoo.tools import mute_logger

from odoo.addons.kam_management.tests.ledger_common import LedgerCase
from odoo.addons.kam_scoring.metrics import METRICS, Scope

# A leap day: the window is (2023-02-28, 2024-02-29], the year before it (2022-02-28, 2023-02-28].
AS_OF = date(2024, 2, 29)


class ScoringCase(LedgerCase):
    """Who is who, on top of KamCase. The programme is in EUR and covers company A (EUR) and company B (USD).

    1 USD = 0.80 EUR, from 2023-06-01 0.90 EUR (rates of company B). 1 EUR = 0.5 GBP (rate of company A).

    ======  ==========================================================================================================
    acme    the hand-computed case: documents of two entities in both companies, see `_acme_documents`; Gold
    beta    only a credit note of 250; General
    free    1000 on 2022-12-01, nothing since; General; nobody manages it
    gamma   no account yet; 300 on 2024-01-15 for a product without cost
    ======  ==========================================================================================================

    Product `pump` costs 60 EUR in company A and 50 USD in company B. `advice` has no cost.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # No guard and no band, so that each figure shows at once; see test_guard for them.
        cls.program.write({
            'company_ids': [Command.set((cls.company_a | cls.company_b).ids)], 'demotion_reviews': 1,
            'demotion_band': 0})
        cls._rates()
        cls.unit = cls.env.ref('uom.product_uom_unit')
        cls.dozen = cls.env.ref('uom.product_uom_dozen')
        cls.pump, cls.advice = cls.env['product.product'].create([
            {'name': "Pump", 'uom_id': cls.unit.id, 'type': 'consu', 'taxes_id': False},
            {'name': "Advice", 'uom_id': cls.unit.id, 'type': 'service', 'taxes_id': False}])
        cls.pump.with_company(cls.company_a).standard_price = 60
        cls.pump.with_company(cls.company_b).standard_price = 50
        cls.gamma_partner = cls.env['res.partner'].create({'name': "Gamma", 'is_company': True})
        cls._acme_documents()
        cls.invoice(cls.beta_partner, '2023-08-01', 250, move_type='out_refund')
        cls.invoice(cls.free_partner, '2022-12-01', 1000)
        cls.invoice(cls.gamma_partner, '2024-01-15', 300, product=cls.advice)
        cls.scope = Scope.of(cls.program, AS_OF)

    @classmethod
    def _acme_documents(cls):
        """Revenue 1000 - 100 + 320 + 1080 + 100 = 2400, the year before 500 + 400 = 900.
        Cost 600 - 60 + 80 + 540 + 60 = 1220. Due 1000 + 320 + 1080 = 2400, of which paid 1000 + 80 = 1080.
        Days beyond terms (400 * 10 + 80 * 10 + 240 * 244 + 1080 * 0) / 2400 = 26.4.
        """
        tax = cls._tax(cls.company_a, 10)
        # 1000 net, 1100 due on 2023-03-31: 600 in time, 400 ten days late, 100 settled by the credit note
        cls.first = cls.invoice(cls.acme_partner, '2023-03-01', 100, quantity=10, due='2023-03-31', taxes=tax)
        cls.pay(cls.first, 600, '2023-03-20')
        cls.pay(cls.first, 400, '2023-04-10')
        cls.credit_note = cls.invoice(cls.acme_partner, '2023-05-10', 100, move_type='out_refund')
        cls.reconcile(cls.first, cls.credit_note)
        # 400 USD = 320 EUR due on 2023-06-30: a quarter ten days late, the rest after the as-of date
        cls.asian = cls.invoice(
            cls.acme_asia, '2023-05-31', 200, quantity=2, due='2023-06-30', company=cls.company_b)
        cls.pay(cls.asian, 100, '2023-07-10')
        cls.pay(cls.asian, 300, '2024-03-05')
        # 1200 USD = 1080 EUR for a dozen, due on the as-of date, open
        cls.dozen_invoice = cls.invoice(
            cls.acme_asia, '2023-06-01', 1200, uom=cls.dozen, due='2024-02-29', company=cls.company_b)
        # 50 GBP = 100 EUR on the last day; due later
        cls.invoice(cls.acme_partner, '2024-02-29', 50, due='2024-03-31', currency=cls.env.ref('base.GBP'))
        # The year before: 500 EUR on its last day, due outside the window, and 500 USD = 400 EUR on its first day
        cls.invoice(cls.acme_partner, '2023-02-28', 100, quantity=5, due='2023-02-28')
        cls.invoice(cls.acme_asia, '2022-03-01', 500, company=cls.company_b, due='2022-03-31')
        # What does not count: older, later, not posted
        cls.invoice(cls.acme_partner, '2022-02-28', 999)
        cls.invoice(cls.acme_partner, '2024-03-01', 999)
        cls.invoice(cls.acme_partner, '2023-07-01', 777, post=False)

    @classmethod
    def _rates(cls):
        eur, usd, gbp = (cls.env.ref(f'base.{name}') for name in ('EUR', 'USD', 'GBP'))
        gbp.active = True
        cls.env['res.currency.rate'].create([
            {'currency_id': currency.id, 'company_id': company.id, 'name': day, 'rate': rate}
            for currency, company, day, rate in (
                (usd, cls.company_b, '2020-01-01', 1), (eur, cls.company_b, '2020-01-01', 0.8),
                (eur, cls.company_b, '2023-06-01', 0.9),
                (eur, cls.company_a, '2020-01-01', 1), (gbp, cls.company_a, '2020-01-01', 0.5))])

    @classmethod
    def _tax(cls, company, percent):
        company.account_fiscal_country_id = country = cls.env.ref('base.be')
        group = cls.env['account.tax.group'].create({
            'name': "Tax", 'company_id': company.id, 'country_id': country.id})
        return cls.env['account.tax'].create({
            'name': f"{percent} %", 'amount': percent, 'type_tax_use': 'sale', 'company_id': company.id,
            'tax_group_id': group.id, 'country_id': country.id})

    @classmethod
    def value(cls, code, account, scope=None):
        """The value of a metric for one account; None without data."""
        return METRICS[code].values(scope or cls.scope).get(account.id)

    @classmethod
    def publish_model(cls, program=None, criteria=None, rules=None):
        """A published model: the usual one, or criteria [(metric, weight, normalization, zero, full)] and rules
        [{value class, score_min …}]."""
        program = program or cls.program
        model = cls.env['kam.scoring.model'].create({'name': "Test model", 'program_id': program.id})
        if criteria is None:
            model._fill_defaults()
        else:
            tiers = {tier.value_class: tier for tier in program.tier_ids}
            model.criterion_ids = [Command.create({
                'metric': metric, 'weight': weight, 'normalization': normalization, 'bound_zero': zero,
                'bound_full': full, 'sequence': position,
            }) for position, (metric, weight, normalization, zero, full) in enumerate(criteria)]
            by_metric = {criterion.metric: criterion.id for criterion in model.criterion_ids}
            model.tier_rule_ids = [Command.create({
                'tier_id': tiers[rule['tier']].id, 'score_min': rule.get('score_min', 0),
                'coverage_min': rule.get('coverage_min', 0), 'gate_criterion_id': by_metric.get(rule.get('gate')),
                'gate_points_max': rule.get('gate_points_max', 0)}) for rule in rules or []]
        model.action_publish()
        return model

    @classmethod
    def run_scoring(cls, day=AS_OF, program=None):
        run = cls.env['kam.score.run']._score_program(program or cls.program, day)
        run._follow_up()
        cls.env.invalidate_all()
        return run

    @classmethod
    def judge(cls, **levels):
        """Judge the influence, the one metric that needs no documents: judge(acme='5')."""
        for name, level in levels.items():
            cls.judge_account(getattr(cls, name), level)

    @classmethod
    def judge_account(cls, account, level, kind='influence', date='2020-01-01', date_end=False):
        """A judgement of long ago and for good, so that it counts on any day unless said otherwise."""
        return cls.env['kam.judgement'].with_context(tracking_disable=True).create({
            'account_id': account.id, 'kind': kind, 'level': level, 'date': date, 'date_end': date_end})

    def failing_run(self, day=AS_OF, program=None):
        with mute_logger('odoo.addons.kam_scoring.models.kam_score_run', 'odoo.sql_db'):
            return self.run_scoring(day, program)

    def account_of(self, partner, program=None):
        return self.env['kam.account'].search(
            Domain('entity_ids.partner_id', '=', partner.id)
            & Domain('program_id', '=', (program or self.program).id))
