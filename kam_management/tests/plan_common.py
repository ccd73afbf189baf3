from freezegun import freeze_time

from odoo.fields import Command

from .common import KamCase

# Half of the plan has passed: 182 of 364 days.
TODAY = '2026-07-02'


class PlanCase(KamCase):
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
        cls.ledger = {company: cls._ledger(company) for company in (cls.company_a, cls.company_b)}
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

    @classmethod
    def _ledger(cls, company):
        Account = cls.env['account.account'].with_company(company)
        receivable, income, bank = (Account.create({
            'code': code, 'name': name, 'account_type': kind, 'company_ids': [Command.set(company.ids)],
            'reconcile': kind == 'asset_receivable',
        }) for code, name, kind in (
            ('KAM1', "Receivable", 'asset_receivable'), ('KAM2', "Income", 'income'), ('KAM3', "Bank", 'asset_cash')))
        cls.env['ir.default'].set(
            'res.partner', 'property_account_receivable_id', receivable.id, company_id=company.id)
        sales, entries = cls.env['account.journal'].with_company(company).create([
            {'name': "Sales", 'code': 'KAMS', 'type': 'sale', 'default_account_id': income.id,
             'company_id': company.id},
            {'name': "Entries", 'code': 'KAME', 'type': 'general', 'company_id': company.id}])
        return {'receivable': receivable, 'income': income, 'bank': bank, 'sales': sales, 'entries': entries}

    @classmethod
    def invoice(cls, partner, day, price, *, quantity=1, company=None, product=None, move_type='out_invoice',
                taxes=None, post=True):
        company = company or cls.company_a
        move = cls.env['account.move'].with_company(company).create({
            'move_type': move_type, 'partner_id': partner.id, 'company_id': company.id,
            'journal_id': cls.ledger[company]['sales'].id, 'currency_id': company.currency_id.id,
            'invoice_date': day, 'invoice_date_due': day, 'invoice_payment_term_id': False,
            'invoice_line_ids': [Command.create({
                'product_id': (product or cls.pump).id, 'quantity': quantity, 'price_unit': price,
                'account_id': cls.ledger[company]['income'].id,
                'tax_ids': [Command.set(taxes.ids if taxes else [])]})]})
        if post:
            move.action_post()
        return move

    @classmethod
    def pay(cls, invoice, amount, day):
        """Settle a part of an invoice (amount in company currency) with an entry of that day."""
        ledger = cls.ledger[invoice.company_id]
        payment = cls.env['account.move'].with_company(invoice.company_id).create({
            'journal_id': ledger['entries'].id, 'date': day, 'line_ids': [
                Command.create({'account_id': ledger['bank'].id, 'debit': amount, 'credit': 0}),
                Command.create({'account_id': ledger['receivable'].id, 'debit': 0, 'credit': amount,
                                'partner_id': invoice.partner_id.id})]})
        payment.action_post()
        cls.reconcile(invoice, payment)

    @classmethod
    def reconcile(cls, *moves):
        lines = cls.env['account.move'].union(*moves).line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable')
        lines.with_company(lines.company_id[0]).reconcile()

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
