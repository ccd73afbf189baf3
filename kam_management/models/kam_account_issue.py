from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class KamAccount(models.Model):
    """The issues of an account, and what they say about how it is served."""
    _inherit = 'kam.account'

    issue_ids = fields.One2many('kam.issue', 'account_id', string="Issues")
    issue_open_count = fields.Integer(string="Open Issues", compute='_compute_issues')
    issue_late_count = fields.Integer(string="Late Issues", compute='_compute_issues')
    issue_critical_count = fields.Integer(string="Critical Issues", compute='_compute_issues')
    issue_hours = fields.Float(
        string="Time to Resolve", compute='_compute_issues',
        help="Working hours that it took on average to resolve the issues of the last twelve months.")

    @api.depends('issue_ids.is_open', 'issue_ids.severity', 'issue_ids.resolve_hours')
    def _compute_issues(self):
        """What this user may see of them."""
        Issue = self.env['kam.issue']
        own = [('account_id', 'in', self.ids)]
        severities = Issue._read_group([*own, ('is_open', '=', True)], ['account_id', 'severity'], ['__count'])
        late = dict(Issue._read_group([*own, ('is_late', '=', True)], ['account_id'], ['__count']))
        hours = dict(Issue._read_group([
            *own, ('is_open', '=', False),
            ('date_resolved', '>=', fields.Datetime.now() - relativedelta(months=12))],
            ['account_id'], ['resolve_hours:avg']))
        for account in self:
            account.issue_open_count = sum(count for owner, _severity, count in severities if owner == account)
            account.issue_critical_count = sum(
                count for owner, severity, count in severities if owner == account and severity == 'critical')
            account.issue_late_count = late.get(account, 0)
            account.issue_hours = hours.get(account, 0)

    def _attention(self):
        attention = super()._attention()
        for account in self:
            attention[account] += [{'level': level, 'text': text} for level, text in account._issue_attention()]
        return attention

    def _issue_attention(self):
        if self.issue_critical_count:
            yield 'danger', self.env._("Critical issues: %s", self.issue_critical_count)
        if self.issue_late_count:
            yield 'danger', self.env._("Issues late: %s", self.issue_late_count)

    def _visit_reasons(self):
        reasons = super()._visit_reasons()
        for account in self:
            if account.issue_critical_count or account.issue_late_count:
                reasons[account].append(self.env._(
                    "Issues of the customer are critical or late: ask how it goes before they tell you."))
        return reasons

    def action_open_issues(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_issue_action')
        return dict(action, name=self.env._("Issues of %s", self.display_name), domain=[('account_id', '=', self.id)],
                    context={'default_account_id': self.id})

    def _hand_over_parts(self, kept):
        self.issue_ids.account_id = kept
        return super()._hand_over_parts(kept)
