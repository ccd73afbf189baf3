from odoo import fields, models


class KamHandover(models.TransientModel):
    """A handover that carries out a rebalancing: no mail per account, and what it leaves can be taken back."""
    _inherit = 'kam.handover'

    rebalance_move_ids = fields.Many2many('kam.rebalance.move')

    def _leave_checklist(self, account, seats):
        move = self.rebalance_move_ids.filtered(lambda move: move.account_id == account)
        if not move:
            return super()._leave_checklist(account, seats)
        before = self._holders(account)
        # One mail for all accounts tells what comes, instead of one per activity.
        quiet = self.with_context(mail_activity_quick_update=True)
        super(KamHandover, quiet)._leave_checklist(account.with_env(quiet.env), seats)
        after = self._holders(account)
        # Results are closed to users; whoever carries out has been checked.
        move.sudo().undo = {
            kind: {str(key): before[kind].get(key) for key, user in after[kind].items()
                   if before[kind].get(key) != user}
            for kind in after}
        if move.note:
            account.message_post(body=move.note)
        return None

    def _holders(self, account):
        """Who has what to do at the account: {'activities': {id: user id}, 'actions': {id: user id}, …}."""
        account = account.sudo()  # also what whoever carries out does not do
        return {'activities': {activity.id: activity.user_id.id for activity in self._activities(account)},
                'actions': {action.id: action.user_id.id for action in account.plan_ids.action_ids},
                'issues': {issue.id: issue.owner_id.id for issue in account.issue_ids},
                'risks': {risk.id: risk.owner_id.id for risk in account.risk_ids}}

    def _notified_partners(self):
        return super()._notified_partners() if not self.rebalance_move_ids else self.env['res.partner']
