from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamProgram(KamCase):

    def test_default_program_works_from_the_start(self):
        program = self.env.ref('kam_management.program_default')
        self.assertTrue(program.company_ids)
        self.assertEqual(program.tier_ids.mapped('value_class'), [
            'diamond', 'gold', 'strategic', 'potential', 'general', 'problem', 'key_opportunity',
            'general_opportunity', 'lost'])
        self.assertEqual(program.entry_tier_id, self.env.ref('kam_management.tier_general'))

    def test_new_program_gets_tiers(self):
        program = self.as_user(self.env['kam.program'], self.champion).create({'name': "New"})
        self.assertEqual(program.entry_tier_id.value_class, 'general')
        self.assertEqual(program.prospect_tier_id.category, 'target')
        self.assertEqual(sum(program.tier_ids.mapped('capacity')), program.size_max)

    def test_reviews_take_place_from_the_start(self):
        self.assertTrue(self.program.has_review_cadence)
        self.assertEqual(self.tiers['diamond'].review_days, 90)
        self.assertFalse(self.tiers['general'].review_days, "key accounts only")

    def test_a_programme_without_cadence_of_reviews(self):
        """One that is older than reviews: the champion sees that none is planned, and mends it with one click."""
        key = self.program.tier_ids.filtered('is_key')
        self.program.tier_ids.write({'review_days': 0, 'internal_review_days': 0})
        program = self.as_user(self.program, self.champion)
        self.assertFalse(program.has_review_cadence)
        self.assertEqual(self.env['kam.tier'].search(program.action_open_key_tiers()['domain']), key)
        with self.assertRaises(AccessError):
            self.as_user(self.program, self.manager).action_use_usual_cadence()
        program.action_use_usual_cadence()
        self.assertTrue(program.has_review_cadence)
        self.assertEqual((self.tiers['gold'].review_days, self.tiers['gold'].internal_review_days), (180, 90))
        self.tiers['gold'].review_days = 30
        program.action_use_usual_cadence()
        self.assertEqual(self.tiers['gold'].review_days, 30, "who has chosen days keeps them")

    def test_copy_has_its_own_tiers(self):
        copy = self.program.copy()
        self.assertEqual(len(copy.tier_ids), 9)
        self.assertEqual(copy.entry_tier_id.program_id, copy)
        self.assertFalse(copy.account_count)

    def test_program_without_company_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "covers no company"):
            self.program.company_ids = [Command.clear()]

    def test_entry_tier_is_no_key_tier(self):
        with self.assertRaisesRegex(ValidationError, "not a key account tier"):
            self.program.entry_tier_id = self.tiers['gold']
        with self.assertRaisesRegex(ValidationError, "tier of this programme"):
            self.program.entry_tier_id = self.program_b.entry_tier_id

    def test_counts(self):
        self.propose(self.free, 'potential')
        self.assertEqual(self.program.account_count, 3)
        self.assertEqual(self.program.key_account_count, 1)
        self.assertEqual(self.program.open_change_count, 1)
        self.assertEqual(self.program.unmanaged_count, 0)
        self.assertEqual(self.program_b.account_count, 0)

    def test_tier_in_use_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "holds 1 accounts"):
            self.tiers['gold'].unlink()
        self.propose(self.free, 'strategic')
        with self.assertRaisesRegex(UserError, "history"):
            self.tiers['strategic'].unlink()
        self.tiers['lost'].unlink()

    def test_new_program_has_tiers_in_every_language(self):
        self.env['res.lang']._activate_lang('fr_FR')
        program = self.as_user(self.env['kam.program'], self.champion).with_context(lang='fr_FR').create({
            'name': "Nouveau"})
        labels = dict(self.env['kam.tier']._fields['value_class']._description_selection(self.env))
        for tier in program.tier_ids.with_context(lang='en_US'):
            self.assertEqual(tier.name, labels[tier.value_class])

    def test_programme_in_use_stays(self):
        with self.assertRaisesRegex(UserError, "Programme A holds 3 accounts with their history. Archive"):
            self.as_user(self.program, self.champion).unlink()

    def test_at_a_glance(self):
        """acme is the one key account: managed, sponsored, and not told yet."""
        program = self.as_user(self.program, self.champion)
        self.assertEqual((program.key_account_count, program.unmanaged_count, program.unsponsored_count), (1, 0, 0))
        self.assertEqual(program.size_message, "4 fewer than the 5 it takes")
        self.acme.write({'date_told': '2026-01-10', 'probation_plan': "x", 'date_probation_end': '2199-01-01'})
        self.propose(self.free, 'strategic').action_submit()
        self.env.invalidate_all()
        self.assertEqual(
            (program.told_count, program.probation_count, program.submitted_count, program.open_change_count),
            (1, 1, 1, 1))
        gold = program.tier_ids.filtered(lambda tier: tier.value_class == 'gold')
        self.assertEqual((gold.account_count, gold.capacity, gold.fill_percent), (1, 8, 12.5))
        for action, found in (
            (program.action_open_told(), self.acme), (program.action_open_probation(), self.acme),
            (gold.action_open_accounts(), self.acme),
        ):
            self.assertIn(found, self.as_user(self.env['kam.account'], self.champion).search(action['domain']))
