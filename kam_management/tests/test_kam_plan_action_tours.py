from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamPlanActionTours(HttpCase, KamCase):
    """An account manager in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.plan = cls.env['kam.plan'].create({
            'account_id': cls.acme.id, 'date_from': today - timedelta(days=100),
            'date_to': today + timedelta(days=100)})

    def test_action_from_the_board(self):
        self.start_tour('/odoo/kam-actions', 'kam_action_from_the_board', login='kam_manager')
        action = self.plan.action_ids
        self.assertEqual((action.name, action.state, action.user_id), (
            "Show the monitoring", 'progress', self.manager))
        self.assertEqual(action.activity_ids.summary, "Show the monitoring")

    def test_opportunity_from_an_objective(self):
        objective = self.env['kam.plan.objective'].create({
            'name': "Grow with Acme", 'plan_id': self.plan.id, 'measure': 'revenue', 'target_value': 5000,
            'date_target': self.plan.date_to})
        self.start_tour(f'/odoo/kam.plan.objective/{objective.id}', 'kam_objective_opportunity', login='kam_manager')
        lead = objective.lead_ids
        self.assertEqual((lead.expected_revenue, lead.partner_id, lead.user_id), (
            5000, self.acme_partner, self.manager))
