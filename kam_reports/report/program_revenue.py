"""What a whole programme brings, beside the accounts in a pack."""
from dataclasses import dataclass

from odoo.tools import SQL


@dataclass
class Revenue:
    """Of some accounts, within a year.

    :param accounts: those whose revenue is known
    :param revenue: theirs; None where none is known
    :param known: revenue of those whose margin is known
    :param margin: amount of theirs
    """
    accounts: int = 0
    revenue: float | None = None
    known: float | None = None
    margin: float | None = None

    def add(self, accounts, *amounts):
        self.accounts += accounts
        for name, amount in zip(('revenue', 'known', 'margin'), amounts, strict=True):
            if amount is not None:
                setattr(self, name, (getattr(self, name) or 0) + amount)


def program_revenue(data):
    """{(id of the tier, is it of key accounts): Revenue} of the active accounts that the user may see.

    Those in the pack have been read already, half of the programme in a large one; a statement sums up the others.

    :param data: PortfolioData
    """
    groups = {}
    for line in data.lines:
        if line.is_active and line.revenue is not None:
            is_known = line.margin is not None
            groups.setdefault((line.tier_id, line.is_key), Revenue()).add(
                1, line.revenue, line.revenue if is_known else None, line.margin_amount)
    for tier_id, is_key, *figures in data.env.execute_query(_others_sql(data)):
        groups.setdefault((tier_id, bool(is_key)), Revenue()).add(*figures)
    return groups


def _others_sql(data):
    scores = data.env['kam.score']
    query = scores._search([
        ('program_id', '=', data.program.id), ('is_current', '=', True), ('purpose', '=', 'selection'),
        ('account_id.active', '=', True), ~data.among_accounts()])
    return SQL(
        """SELECT account.tier_id, account.is_key, COUNT(figure.revenue), SUM(figure.revenue),
                  SUM(figure.revenue) FILTER (WHERE figure.margin IS NOT NULL),
                  SUM(figure.revenue * figure.margin / 100)
             FROM (%s) score
             JOIN kam_account account ON account.id = score.account_id
       CROSS JOIN LATERAL (
                  SELECT MAX(value) FILTER (WHERE metric = 'revenue') AS revenue,
                         MAX(value) FILTER (WHERE metric = 'margin') AS margin
                    FROM JSONB_TO_RECORDSET(score.breakdown) AS item (metric text, value float8)) figure
         GROUP BY account.tier_id, account.is_key""",
        query.select(*(scores._field_to_sql(scores._table, name, query) for name in ('account_id', 'breakdown'))))
