from odoo import fields, models
from odoo.tools.misc import format_date


class ReportValueStatementInternal(models.AbstractModel):
    """The two-way value statement for ourselves: what the customer reads, and what we make of it (N9).

    It takes the sentences of the other one and adds to them. Nothing goes the other way: the customer's statement has
    a template and data of its own that know nothing of this one.
    """
    _name = 'report.kam_reports.value_statement_internal'
    _description = "Value Statement, Internal"

    def _get_report_values(self, docids, data=None):
        accounts = self.env['kam.account'].browse(docids)
        accounts.check_access('read')
        # One day for both: the figures of a year.
        sales = accounts._yearly_sales()
        statement = self.env['report.kam_reports.value_statement_customer']
        return {
            'doc_ids': docids, 'doc_model': 'kam.account',
            'pages': [{
                'account': account, 'statement': statement._statement(account),
                'figures': list(self._figures(account, *sales.get(account.id, (0.0, None, None)))),
                'alerts': account.alert_ids.filtered(lambda alert: alert.state in ('open', 'acknowledged')),
                'plan': account.current_plan_id,
                # Those of the reader: a rule hides those of others.
                'notes': account.note_ids,
            } for account in accounts],
            'printed': self.env._(
                "Printed by %(person)s on %(day)s", person=self.env.user.name,
                day=format_date(self.env, fields.Date.context_today(self))),
            'day': lambda day: format_date(self.env, day),
        }

    def _figures(self, account, revenue, before, margin):
        """(label, text) of what the customer does not read."""
        env = self.env
        yield env._("Tier"), account.tier_id.name
        yield env._("Revenue of 12 months"), account._money_text(revenue)
        if before is not None:
            yield env._("The year before"), account._money_text(before)
        if margin is not None:
            yield env._("Margin"), env._(
                "%(amount)s, %(rate).1f %% at today's cost", amount=account._money_text(revenue * margin / 100),
                rate=margin)
        if account.score_coverage:
            yield env._("Score"), env._(
                "%(score).1f of 100, data %(coverage)d %%", score=account.score, coverage=round(account.score_coverage))
        if account.health_state:
            states = dict(account._fields['health_state']._description_selection(env))
            yield env._("Health"), env._(
                "%(health).1f of 100 (%(state)s)", health=account.health, state=states[account.health_state])
        if account.lifetime_value:
            yield env._("Lifetime value"), account._money_text(account.lifetime_value)
