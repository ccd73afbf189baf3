from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamAddEntities(KamCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env['res.partner']
        cls.group = Partner.create({'name': "Acme Group", 'is_company': True})
        cls.acme_partner.parent_id = cls.group
        cls.acme_us, cls.acme_fr = Partner.create([
            {'name': name, 'is_company': True, 'parent_id': cls.acme_partner.id} for name in ("Acme US", "Acme FR")])
        Partner.create({'name': "Eve", 'parent_id': cls.acme_us.id})
        cls.beta.entity_ids = [Command.create({'partner_id': cls.acme_fr.id})]

    def wizard(self, user=None):
        action = self.as_user(self.acme, user or self.manager).action_add_entities()
        return Form(self.as_user(self.env['kam.add.entities'], user or self.manager).with_context(**action['context']))

    def test_companies_of_the_group(self):
        wizard = self.wizard().save()
        self.assertEqual(wizard.line_ids.partner_id, self.group | self.acme_us | self.acme_fr)
        taken = wizard.line_ids.filtered('holder')
        self.assertEqual((taken.partner_id, taken.holder, taken.is_chosen), (self.acme_fr, "Beta", False))
        wizard.line_ids.filtered(lambda line: line.partner_id == self.group).is_chosen = False
        wizard.action_add()
        self.assertEqual(self.acme.entity_ids.partner_id, self.acme_partner | self.acme_asia | self.acme_us)

    def test_further_companies_and_refusals(self):
        stranger = self.env['res.partner'].create({'name': "Stranger", 'is_company': True})
        form = self.wizard()
        form.other_ids = stranger
        wizard = form.save()
        wizard.line_ids.is_chosen = False
        wizard.action_add()
        self.assertIn(stranger, self.acme.entity_ids.partner_id)
        with self.assertRaisesRegex(UserError, "Choose at least one"):
            wizard.action_add()
        wizard.other_ids = self.acme_fr
        with self.assertRaisesRegex(UserError, "belongs to the account Beta already"):
            wizard.action_add()

    def test_only_on_own_accounts(self):
        with self.assertRaises(AccessError):
            self.wizard(self.colleague).save().action_add()
