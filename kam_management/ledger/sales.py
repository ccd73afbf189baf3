"""Revenue and cost of the accounts of a programme, line by line, in the programme's currency."""
import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from odoo.tools import SQL

from .rates import CUSTOMER_DOCUMENTS, Rates


@dataclass(frozen=True)
class Sales:
    """The posted customer documents of a programme between two days, both included.

    >>> from datetime import date
    >>> Sales(None, None, date(2024, 1, 1), date(2024, 12, 31)).date_prior.isoformat()
    '2023-12-31'

    :param env: environment in sudo: the figures cover all companies of the programme, whoever asks; the caller has
        checked that the reader may read the account
    """
    env: Any
    program: Any
    date_from: datetime.date
    date_to: datetime.date

    @classmethod
    def of(cls, program, date_from, date_to):
        program = program.sudo().with_context(active_test=False)
        return cls(program.env, program, date_from, date_to)

    # What Rates needs to know.

    @property
    def date(self):
        return self.date_to

    @property
    def date_prior(self):
        return self.date_from - datetime.timedelta(days=1)

    @property
    def date_oldest(self):
        return self.date_prior

    @property
    def currency(self):
        return self.program.currency_id

    @cached_property
    def company_ids(self):
        return tuple(self.program.company_ids.ids)

    @cached_property
    def rates(self):
        return Rates.of(self)

    def flush(self):
        """Write what the ORM holds back of everything that `lines` reads."""
        for model, names in (
            ('kam.account.entity', ['account_id', 'partner_id']), ('kam.account', ['program_id', 'active']),
            ('account.move', ['commercial_partner_id', 'company_id', 'state', 'move_type', 'invoice_date']),
            ('account.move.line', ['move_id', 'display_type', 'balance', 'product_id', 'quantity', 'product_uom_id']),
            ('product.product', ['product_tmpl_id', 'standard_price']), ('product.template', ['categ_id', 'uom_id']),
            ('product.category', ['parent_path']), ('uom.uom', ['factor']),
        ):
            self.env[model].flush_model(names)

    def lines(self, condition):
        """Select of (account_id, partner_id, move_id, date, categ_id, amount, cost), one row per product line.

        amount is net of tax, negative on credit notes, converted at invoice_date, not rounded: sums are rounded, not
        lines. cost is `line_cost` in the same currency, NULL where it is unknown. categ_id is NULL on a line without
        product.

        :param condition: SQL on `account` (kam_account) and `entity` (kam_account_entity)
        """
        return SQL(
            """SELECT account.id AS account_id, entity.partner_id, move.id AS move_id, move.invoice_date AS date,
                      template.categ_id, -line.balance * COALESCE(rate.target / rate.source, 1) AS amount,
                      %(cost)s * COALESCE(rate.target / rate.source, 1) AS cost
                 FROM kam_account account
                 JOIN kam_account_entity entity ON entity.account_id = account.id
                 JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                      AND move.company_id = ANY(%(companies)s) AND move.state = 'posted'
                      AND move.move_type IN %(types)s
                      AND move.invoice_date >= %(date_from)s AND move.invoice_date <= %(date_to)s
            LEFT JOIN (%(rates)s) rate ON rate.company_id = move.company_id AND rate.date = move.invoice_date
                 JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
            LEFT JOIN product_product product ON product.id = line.product_id
            LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
            LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
                WHERE account.program_id = %(program)s AND (%(condition)s)""",
            cost=line_cost(), companies=list(self.company_ids), types=CUSTOMER_DOCUMENTS, date_from=self.date_from,
            date_to=self.date_to, rates=self.rates.table(), program=self.program.id, condition=condition)


def line_cost():
    """Cost of one invoice line in company currency; NULL where the product has no cost or there is no product.

    Today's standard price of the product in the company of the invoice x quantity in the product's unit of measure,
    as in Odoo's invoice analysis (price_margin).
    """
    return SQL(
        """CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
           * line.quantity * COALESCE(line_uom.factor, 1) / COALESCE(NULLIF(product_uom.factor, 0), 1)
           * NULLIF((product.standard_price ->> move.company_id::text)::numeric, 0)""")
