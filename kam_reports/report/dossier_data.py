from functools import cached_property

from .pack_data import PackData


class DossierData(PackData):
    """One account: what its records say, as far as the user may read them."""

    def __init__(self, scope, title):
        super().__init__(scope, title)
        self.account = scope.account
        self.score = self.account.score_id
        self.date = self.score.date or None
        self.model = self.score.model_id

    def subject(self):
        return self.account.display_name or ''

    def cover_facts(self):
        return [(self.env._("Account"), self.link(self.subject(), 'kam.account', self.account.id), 'wrap')]

    def period_label(self):
        plan = self.plan
        return self.env._("plan %(start)s to %(end)s", start=self.format_date(plan.date_from),
                          end=self.format_date(plan.date_to)) if plan else ''

    @cached_property
    def plan(self):
        """The plan of the whole account that is running; without one, the latest."""
        plans = self.env['kam.plan'].search([('account_id', '=', self.account.id), ('entity_id', '=', False)])
        return plans.filtered('is_current')[:1] or plans[:1]

    def no_plan_text(self):
        return self.env._("There is no account plan that you may see. The account manager makes one from the account.")
