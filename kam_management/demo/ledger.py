"""Thirty months of orders, invoices, credit notes and payments, made in a few batches.

Documents are created with the dates of the past and posted together; payments are posted and matched together. That is
what keeps the load within a minute: one posting of many invoices costs a fraction of many postings.
"""
from odoo import fields
from odoo.fields import Command
from odoo.tools import float_round, groupby, split_every

from .customers import DOLLAR_PRICE
from .purchases import purchases
from .records import record, rows

# Small enough for PostgreSQL to learn in between how large its tables have become.
BATCH = 250


def load_ledger(env):
    today = fields.Date.context_today(env['res.partner'])
    catalogue = {row['id']: float(row['price']) for row in rows('products')}
    products = {name: record(env, 'product', name) for name in catalogue}
    customers = {row['id']: row for row in rows('customers')}
    for company_name in ('eu', 'ap'):
        company = record(env, 'company', company_name)
        bought = [
            purchase for row in customers.values() if row['company'] == company_name
            for purchase in purchases(row, catalogue, today)]
        bought.sort(key=lambda purchase: (purchase.date_invoiced, purchase.customer, purchase.reference))
        company_env = env(context=dict(
            env.context, allowed_company_ids=company.ids, default_company_id=company.id))
        _update_statistics(company_env)
        for batch in split_every(BATCH, bought):
            orders = _load_orders(company_env, batch, customers, products)
            invoices = _load_invoices(company_env, batch, orders)
            _load_refunds(company_env, batch, invoices)
            _load_payments(company_env, batch, invoices)


def _update_statistics(env):
    """PostgreSQL plans by the size that its tables had before this transaction, maybe none: a query for states of
    payments then takes seconds, at worst minutes, instead of milliseconds. ANALYZE also keeps the autovacuum, which
    does not see our rows, from these tables until the end. The ORM knows no ANALYZE, hence SQL.
    """
    env.flush_all()
    env.cr.execute(
        "ANALYZE account_move, account_move_line, account_partial_reconcile, account_payment, sale_order,"
        " sale_order_line")


def _load_orders(env, bought, customers, products):
    dollars = record(env, 'pricelist', 'usd')
    values = []
    for purchase in bought:
        row = customers[purchase.customer]
        factor = DOLLAR_PRICE if row['currency'] == 'USD' else 1.0
        partner = record(env, 'partner', purchase.customer)
        values.append({
            'partner_id': partner.id,
            'date_order': fields.Datetime.to_datetime(purchase.date_order),
            'user_id': partner.user_id.id,
            'pricelist_id': dollars.id if row['currency'] == 'USD' and row['company'] == 'eu' else False,
            'client_order_ref': f"PO-{purchase.date_order:%y%m}-{purchase.reference}",
            'order_line': [
                Command.create({
                    'product_id': products[product].id, 'product_uom_qty': quantity, 'qty_delivered': quantity,
                    'discount': float(row['discount']),
                    'price_unit': float_round(products[product].list_price * factor, precision_digits=2)})
                for product, quantity in purchase.lines],
        })
    orders = env['sale.order'].create(values)
    # Confirmed by hand: action_confirm would set the date of today.
    orders.write({'state': 'sale'})
    return orders


def _load_invoices(env, bought, orders):
    invoices = env['account.move'].create([
        {
            'move_type': 'out_invoice',
            'partner_id': order.partner_id.id,
            'currency_id': order.currency_id.id,
            'fiscal_position_id': order.fiscal_position_id.id,
            'invoice_date': purchase.date_invoiced,
            'date': purchase.date_invoiced,
            'invoice_payment_term_id': order.payment_term_id.id,
            'invoice_user_id': order.user_id.id,
            'team_id': order.team_id.id,
            'invoice_origin': order.name,
            'ref': order.client_order_ref,
            'invoice_line_ids': [
                Command.create({
                    'product_id': line.product_id.id, 'quantity': line.product_uom_qty, 'discount': line.discount,
                    'price_unit': line.price_unit, 'tax_ids': [Command.set(line.tax_ids.ids)],
                    'sale_line_ids': [Command.link(line.id)]})
                for line in order.order_line],
        }
        for purchase, order in zip(bought, orders, strict=True)])
    _update_statistics(env)
    invoices.action_post()
    _update_statistics(env)
    return invoices


def _load_refunds(env, bought, invoices):
    """Credit notes for a share of the last line."""
    returned = [(p, invoice) for p, invoice in zip(bought, invoices, strict=True) if p.returned]
    refunds = env['account.move'].create([
        {
            'move_type': 'out_refund',
            'partner_id': invoice.partner_id.id,
            'currency_id': invoice.currency_id.id,
            'fiscal_position_id': invoice.fiscal_position_id.id,
            'invoice_date': purchase.date_returned,
            'date': purchase.date_returned,
            'invoice_payment_term_id': False,
            'invoice_user_id': invoice.invoice_user_id.id,
            'team_id': invoice.team_id.id,
            # Odoo settles the invoice with its credit note, where it is not paid yet.
            'reversed_entry_id': invoice.id if purchase.date_returned <= purchase.date_paid else False,
            'ref': f"Return of {invoice.name}",
            'invoice_line_ids': [
                Command.create({
                    'product_id': line.product_id.id, 'discount': line.discount, 'price_unit': line.price_unit,
                    'quantity': max(round(line.quantity * purchase.returned), 1),
                    'tax_ids': [Command.set(line.tax_ids.ids)]})
                for line in invoice.invoice_line_ids[-1:]],
        }
        for purchase, invoice in returned])
    refunds.action_post()


def _receivable(move):
    return move.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')


def _load_payments(env, bought, invoices):
    """One transfer for what a customer pays in the same month."""
    journal = env['account.journal'].search([('type', '=', 'bank'), ('company_id', '=', env.company.id)], limit=1)
    paid = [(p, invoice) for p, invoice in zip(bought, invoices, strict=True) if p.paid]

    def transfer(item):
        purchase, invoice = item
        # A payment in part stands alone: then it is plain which invoice it is for.
        month = (f'{purchase.date_paid:%Y-%m}', 0) if purchase.paid == 1 else ('', invoice.id)
        return (invoice.partner_id.id, invoice.currency_id.id, *month)

    values, matched = [], []
    for _key, items in groupby(paid, transfer):
        moves = env['account.move'].union(*[invoice for _p, invoice in items])
        amount = sum(invoice.amount_residual * p.paid for p, invoice in items)
        amount = moves.currency_id.round(amount)
        if not amount:
            continue
        values.append({
            'payment_type': 'inbound', 'partner_type': 'customer', 'journal_id': journal.id,
            'partner_id': moves.partner_id.id, 'currency_id': moves.currency_id.id, 'amount': amount,
            'date': max(p.date_paid for p, _invoice in items),
            'memo': ", ".join(moves.mapped('name')),
        })
        matched.append(moves)
    payments = env['account.payment'].create(values)
    _update_statistics(env)
    payments.action_post()
    _update_statistics(env)
    env['account.move.line']._reconcile_plan([
        _receivable(moves) | _receivable(payment.move_id)
        for moves, payment in zip(matched, payments, strict=True)])
