from freezegun import freeze_time

from odoo.fields import Command

from .ledger_common import LedgerCase

# Half of the plan has passed: 182 of 364 days.
TODAY = '2026-07-02'


class MeasureCase(LedgerCase):
    """Who is who, on top of KamCase. The programme is in EUR and covers company A (EUR) and company B (USD).

    1 USD = 0.80 EUR. Product `pump` costs 60 EUR in company A and 50 USD in company B; `advice` has no cost.

    =========  =======================================================================================================
    plan       of `acme` for 2026; `asia_plan` is the local one of Acme Asia, `beta_plan` that of `beta`
    service    internal user without KAM group, in the service seat of `acme`
    stranger   internal user without any group or seat
    =========  =======================================================================================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.company_ids = [Command.set((cls.company_a | cls.company_b).ids)]
        cls.service, cls.stranger = (
            cls._user(login, 'base.group_user', cls.company_a) for login in ('kam_service', 'kam_stranger'))
        cls.env['kam.assignment'].create(cls._seat_values(cls.acme, cls.service, 'service'))
        eur, usd = cls.env.ref('base.EUR'), cls.env.ref('base.USD')
        cls.env['res.currency.rate'].create([
            {'currency_id': currency.id, 'company_id': company.id, 'name': '2020-01-01', 'rate': rate}
            for currency, company, rate in (
                (usd, cls.company_b, 1), (eur, cls.company_b, 0.8), (eur, cls.company_a, 1))])
        cls.pump, cls.advice = cls.env['product.product'].create([
            {'name': "Pump", 'type': 'consu', 'taxes_id': False},
            {'name': "Advice", 'type': 'service', 'taxes_id': False}])
        cls.pump.with_company(cls.company_a).standard_price = 60
        cls.pump.with_company(cls.company_b).standard_price = 50
        cls.plan, cls.asia_plan, cls.beta_plan = cls.env['kam.plan'].create([
            {'account_id': account.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31', 'entity_id': entity.id}
            for account, entity in (
                (cls.acme, cls.acme_asia.browse()), (cls.acme, cls.acme_asia),
                (cls.beta, cls.acme_asia.browse()))])

    def objective(self, measure='revenue', plan=None, user=None, **values):
        return self.as_user(self.env['kam.plan.objective'], user or self.manager).create({
            'name': "Objective", 'plan_id': (plan or self.plan).id, 'measure': measure, 'target_value': 10000,
            'date_target': '2026-12-31', **values})

    def action(self, user=None, **values):
        return self.as_user(self.env['kam.plan.action'], user or self.manager).create({
            'name': "Call them", 'plan_id': self.plan.id, 'date_due': '2026-07-10', 'user_id': self.manager.id,
            **values})

    def standing(self, objective, day=TODAY):
        """(track, actual) on a day."""
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(day):
            return objective.track, objective.actual if objective.has_actual else None
