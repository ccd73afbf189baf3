from odoo.tests import HttpCase, tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestTours(HttpCase, KamCase):

    def test_nominate_submit_approve(self):
        """An account manager nominates on the board's account; a champion decides."""
        self.start_tour(f'/odoo/key-accounts/{self.free.id}', 'kam_nominate', login='kam_manager')
        change = self.free.tier_change_ids
        self.assertEqual((change.state, change.kind), ('submitted', 'nomination'))
        self.start_tour(f'/odoo/kam-tier-changes/{change.id}', 'kam_approve', login='kam_champion')
        self.assertEqual(self.free.tier_id, self.tiers['strategic'])

    def test_board(self):
        self.start_tour('/odoo/key-accounts', 'kam_board', login='kam_executive')

    def test_drag_on_the_board(self):
        """Dropping a card on another tier proposes; it does not move anything."""
        self.start_tour('/odoo/key-accounts', 'kam_board_drag', login='kam_manager')
        change = self.acme.tier_change_ids
        self.assertEqual((change.state, change.to_tier_id), ('submitted', self.tiers['diamond']))
        self.assertEqual(self.acme.tier_id, self.tiers['gold'])

    def test_hand_over(self):
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_hand_over', login='kam_champion')
        self.assertEqual(self.acme.assignment_ids.filtered(
            lambda seat: seat.role == 'manager' and not seat.date_to).user_id, self.colleague)

    def test_add_a_subsidiary(self):
        subsidiary = self.env['res.partner'].create({
            'name': "Acme US", 'is_company': True, 'parent_id': self.acme_partner.id})
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_add_subsidiary', login='kam_manager')
        self.assertIn(subsidiary, self.acme.entity_ids.partner_id)

    def test_what_a_sponsor_sees(self):
        self.start_tour('/odoo/sponsored-accounts', 'kam_sponsor', login='kam_executive')

    def test_flags_in_sales(self):
        """A sales user sees the flag of a key account on the contact and on the quotation."""
        order = self.env['sale.order'].create({
            'partner_id': self.acme_partner.id, 'company_id': self.company_a.id, 'user_id': self.sales.id})
        self.start_tour(f'/odoo/res.partner/{self.acme_partner.id}', 'kam_flags', login='kam_sales')
        self.start_tour(f'/odoo/sale.order/{order.id}', 'kam_flags', login='kam_sales')
