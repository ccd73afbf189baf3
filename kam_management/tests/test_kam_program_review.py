from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamProgramReview(KamCase):
    """A sitting decides what account managers proposed."""

    def sitting(self, user=None, **values):
        return self.as_user(self.env['kam.program.review'], user or self.champion).create({
            'program_id': self.program.id, **values})

    def proposal(self, account, value_class, **values):
        change = self.propose(account, value_class, **values)
        change.action_submit()
        return change

    def test_one_sitting(self):
        up = self.proposal(self.acme, 'diamond')
        sitting = self.sitting()
        self.assertEqual((sitting.change_ids, sitting.waiting_count), (up, 1))
        with self.assertRaisesRegex(UserError, "1 proposals are still to be decided"):
            sitting.action_close()
        wizard = self.env[sitting.action_decide()['res_model']].browse(sitting.action_decide()['res_id'])
        self.assertEqual(wizard.line_ids.change_id, up)
        self.as_user(up, self.champion).action_approve()
        self.assertFalse(sitting.waiting_count)
        self.assertIn(up, sitting.movement_ids)
        with self.assertRaisesRegex(UserError, "Write the minutes"):
            sitting.action_close()
        sitting.minutes = "All agreed."
        sitting.action_close()
        self.assertEqual(sitting.state, 'closed')
        self.assertIn("Acme: Promotion to Diamond – Applied", sitting.record)
        for change in (lambda: sitting.write({'minutes': "x"}), sitting.unlink, sitting.action_collect):
            with self.assertRaisesRegex(UserError, "is history"):
                change()

    def test_collected_anew(self):
        sitting = self.sitting()
        self.assertFalse(sitting.change_ids)
        later = self.proposal(self.acme, 'diamond')
        sitting.action_collect()
        self.assertEqual(sitting.change_ids, later)
        sitting.change_ids = False
        sitting.minutes = "Postponed."
        sitting.action_close()
        self.assertEqual((later.state, sitting.record), ('submitted', "No proposal was on the list."))

    def test_since_the_last_one(self):
        self.sitting(date='2026-01-15')
        self.assertEqual(str(self.sitting(date='2026-04-15').date_from), '2026-01-15')

    def test_access(self):
        sitting = self.sitting()
        self.assertTrue(self.as_user(sitting, self.executive).display_name)
        with self.assertRaises(AccessError):
            self.as_user(sitting, self.executive).minutes = "x"
        with self.assertRaises(AccessError):
            self.as_user(sitting, self.manager).read(['minutes'])
        self.assertFalse(self.as_user(sitting, self.champion, self.company_b).search([('id', '=', sitting.id)]))
        self.program.champion_ids = self.champion2
        sitting.minutes = "x"
        with self.assertRaises(AccessError):
            sitting.action_close()
        with self.assertRaises(UserError):
            sitting.state = 'closed'
