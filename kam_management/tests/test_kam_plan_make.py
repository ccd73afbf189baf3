from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_kam_plan import PlanCase


@tagged('post_install', '-at_install')
class TestKamPlanMake(PlanCase):

    def _wizard(self, account, user, **context):
        return Form(self.as_user(self.env['kam.plan.make'], user).with_context(
            default_account_id=account.id, **context))

    def test_make(self):
        template = self.env['kam.plan.template'].create({
            'name': "Gold", 'tier_ids': self.tiers['general'].ids, 'months': 6, 'strategy': "Grow with them"})
        wizard = self._wizard(self.beta, self.colleague)
        self.assertEqual(wizard.template_id, template)
        self.assertEqual(wizard.date_from, date.today().replace(day=1))
        self.assertIn("No invoice", wizard.facts)
        self.assertFalse(wizard.obstacle)
        action = wizard.save().action_make()
        plan = self.env['kam.plan'].browse(action['res_id'])
        self.assertEqual((plan.account_id, plan.state, plan.strategy), (self.beta, 'draft', "Grow with them"))
        self.assertIn("Beta", plan.customer_summary)

    def test_after_the_last_plan(self):
        wizard = self._wizard(self.acme, self.manager)
        self.assertEqual(wizard.date_from, date(date.today().year + 1, 1, 1))
        wizard.date_from = date.today()
        self.assertIn("go on with that plan", wizard.obstacle)

    def test_a_local_plan(self):
        wizard = self._wizard(self.acme, self.manager, default_is_local=True)
        wizard.entity_id = self.acme_asia
        plan = self.env['kam.plan'].browse(wizard.save().action_make()['res_id'])
        self.assertEqual((plan.entity_id, plan.parent_id), (self.acme_asia, self.plan))
        record = self.as_user(self.env['kam.plan.make'], self.manager).create({
            'account_id': self.acme.id, 'is_local': True})
        with self.assertRaisesRegex(UserError, "Choose the legal entity"):
            record.action_make()

    def test_not_for_the_accounts_of_others(self):
        with self.assertRaises(AccessError):
            self.as_user(self.env['kam.plan.make'], self.manager).create({'account_id': self.beta.id}).action_make()

    def test_the_first_template_for_the_tier(self):
        Template = self.env['kam.plan.template']
        Template.search([]).active = False
        anyone = Template.create({'name': "Any", 'sequence': 1})
        gold = Template.create({'name': "Gold", 'tier_ids': self.tiers['gold'].ids, 'sequence': 5})
        self.assertEqual(Template._for_account(self.acme), gold)
        self.assertEqual(Template._for_account(self.beta), anyone)
