"""What a whole programme brings, beside the accounts in a pack."""
from dataclasses import dataclass

from odoo.tools import SQL


@dataclass
class Revenue:
    """Of some accounts, within a year.

    :param accounts: those whose revenue is known
    :param revenue: theirs; None where none is known
    :param costed: revenue of those whose margin is known
    :param margin: amount of theirs
    """
    accounts: int = 0
    revenue: float | None = None
    costed: float | None = None
    margin: float | None = None

    def add(self, accounts, *amounts):
        self.accounts += accounts
        for name, amount in zip(('revenue', 'costed', 'margin'), amounts, strict=True):
            if amount is not None:
                setattr(self, name, (getattr(self, name) or 0) + amount)


def program_revenue(data):
    """{id of the tier: Revenue} of the active accounts of the programme that the user may see.

    Those in the pack have been read already, half of the programme in a large one; a statement sums up the others.

    :param data: PortfolioData
    """
    tiers = {}
    for line in data.lines:
        if line.is_active and line.revenue is not None:
            tiers.setdefault(line.tier_id, Revenue()).add(
                1, line.revenue, None if line.margin is None else line.revenue, line.margin_amount)
    data.env['kam.account'].flush_model(['tier_id'])
    for tier_id, *figures in data.env.execute_query(_others_sql(data)):
        tiers.setdefault(tier_id, Revenue()).add(*figures)
    return tiers


def _others_sql(data):
    """Raw SQL: figures straight from the breakdowns of the scores that the user may read."""
    scores = data.env['kam.score']
    query = scores._search([
        ('program_id', '=', data.program.id), ('is_current', '=', True), ('purpose', '=', 'selection'),
        ('account_id.active', '=', True), ~data.among_accounts()])
    return SQL(
        """SELECT account.tier_id, COUNT(figure.revenue), SUM(figure.revenue),
                  SUM(figure.revenue) FILTER (WHERE figure.margin IS NOT NULL),
                  SUM(figure.revenue * figure.margin / 100)
             FROM (%s) score
             JOIN kam_account account ON account.id = score.account_id
       CROSS JOIN LATERAL (
                  SELECT MAX(value) FILTER (WHERE metric = 'revenue') AS revenue,
                         MAX(value) FILTER (WHERE metric = 'margin') AS margin
                    FROM JSONB_TO_RECORDSET(score.breakdown) AS item (metric text, value float8)) figure
         GROUP BY account.tier_id""",
        query.select(*(scores._field_to_sql(scores._table, name, query) for name in ('account_id', 'breakdown'))))
