from odoo.fields import Command

from .common import KamCase


class LedgerCase(KamCase):
    """Customer documents and payments of company A and company B, each in its own currency.

    Without a chart of accounts: it would change the currency of the company. A class on top of this one names the usual
    product `pump`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ledger = {company: cls._ledger(company) for company in (cls.company_a, cls.company_b)}

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
    def invoice(cls, partner, day, price, *, quantity=1, company=None, due=None, move_type='out_invoice', product=None,
                uom=None, currency=None, taxes=None, post=True):
        company = company or cls.company_a
        product = product or cls.pump
        move = cls.env['account.move'].with_company(company).create({
            'move_type': move_type,
            'partner_id': partner.id,
            'company_id': company.id,
            'journal_id': cls.ledger[company]['sales'].id,
            'currency_id': (currency or company.currency_id).id,
            'invoice_date': day,
            'invoice_date_due': due or day,
            'invoice_payment_term_id': False,
            'invoice_line_ids': [Command.create({
                'product_id': product.id, 'quantity': quantity, 'price_unit': price,
                'product_uom_id': (uom or product.uom_id).id, 'account_id': cls.ledger[company]['income'].id,
                'tax_ids': [Command.set(taxes.ids if taxes else [])]})],
        })
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
        return payment

    @classmethod
    def reconcile(cls, *moves):
        lines = cls.env['account.move'].union(*moves).line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable')
        lines.with_company(lines.company_id[0]).reconcile()
