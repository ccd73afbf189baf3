from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .review_common import TODAY, ReviewCase


@tagged('post_install', '-at_install')
class TestKamAudit(ReviewCase):
    """Acme is the one key account of the programme: Gold, with manager and sponsor, never visited."""

    def audit(self, **values):
        with freeze_time(TODAY):
            return self.as_user(self.env['kam.audit'], self.champion).create({
                'program_id': self.program.id, **values})

    def evidence(self, audit):
        return {line.code: (line.have, line.of) for line in audit.line_ids if not line.is_asked}

    def test_evidence(self):
        self.env['kam.assignment'].create(self._seat_values(self.acme, self.sales, 'operations'))
        audit = self.audit()
        self.assertEqual(audit.date_from, date(2026, 1, 1))
        self.assertEqual(self.evidence(audit), {
            'departments': (1, 1), 'trained': (0, 1), 'sponsor': (1, 1), 'visits': (0, 1), 'champions': (1, 2),
            'size': (0, 1), 'exceptions': (1, 1), 'manager': (1, 1), 'plan': (0, 1), 'reviewed': (0, 1),
            'moved': (0, 1)})
        # (100 + 0 + 100 + 0 + 50 + 0 + 100 + 100 + 0 + 0 + 0) / 11
        self.assertEqual(audit.score, 41)
        answers = audit.line_ids.filtered('is_asked')
        self.assertEqual(answers.mapped('code'), ['measured', 'compared'])
        answers[:1].answer = 'partly'
        self.assertEqual(audit.score, 42, "A question counts once it is answered: 500 / 12")

    def test_figures_anew(self):
        audit = self.audit()
        line = audit.line_ids.filtered(lambda row: row.code == 'plan')
        line.note = "Until Easter"
        self.env['kam.plan'].create({'account_id': self.acme.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        self.held()
        with freeze_time(TODAY):
            audit.action_take()
        found = self.evidence(audit)
        self.assertEqual((found['plan'], found['reviewed'], line.note), ((1, 1), (1, 1), "Until Easter"))

    def test_all_of_the_programme_counts(self):
        """Whoever takes the figures: also accounts of companies that are not selected count, those of others do not."""
        tier = self.program_b.tier_ids.filtered(lambda row: row.value_class == 'gold')
        self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id, 'tier_id': tier.id})
        self.assertEqual(self.evidence(self.audit())['manager'], (1, 1))
        self.assertEqual(self.evidence(self.audit(program_id=self.program_b.id))['manager'], (0, 1))

    def test_closed_is_history(self):
        audit = self.audit()
        with self.assertRaisesRegex(UserError, "Answer first"):
            audit.action_close()
        audit.line_ids.filtered('is_asked').write({'answer': 'yes'})
        audit.action_close()
        self.assertEqual((audit.state, audit.user_id), ('closed', self.champion))
        for change in (audit.action_take, audit.unlink, lambda: audit.write({'note': "x"}),
                       lambda: audit.line_ids[:1].write({'note': "x"})):
            with self.assertRaises(UserError):
                change()

    def test_nobody_makes_up_evidence(self):
        audit = self.audit()
        for change in (lambda: audit.line_ids[:1].write({'have': 9}), lambda: audit.write({'state': 'closed'}),
                       lambda: audit.line_ids.create({'audit_id': audit.id, 'code': 'x', 'step': '1'})):
            with self.assertRaises(UserError):
                change()

    def test_one_a_quarter(self):
        with freeze_time(TODAY):
            self.env['kam.audit']._cron_open()
            self.env['kam.audit']._cron_open()
        found = self.env['kam.audit'].search([('program_id', '=', self.program.id)])
        self.assertEqual(len(found), 1)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self.audit(date_from='2026-02-10').flush_recordset()

    def test_access(self):
        audit = self.audit()
        self.assertTrue(self.as_user(audit, self.executive).score)
        for user in (self.manager, self.outsider):
            with self.assertRaises(AccessError):
                self.as_user(audit, user).read(['score'])
        with self.assertRaises(AccessError):
            self.as_user(audit, self.executive).action_take()
        self.assertFalse(self.as_user(audit, self.champion, self.company_b).search([('id', '=', audit.id)]))

    def test_practices(self):
        practice = self.as_user(self.env['kam.practice'], self.manager).create({
            'name': "Call before it is late", 'program_id': self.program.id})
        theirs = self.as_user(practice, self.colleague)
        theirs.action_adopt()
        self.assertEqual((practice.adopter_ids, theirs.is_adopted, practice.is_adopted), (self.colleague, True, False))
        with self.assertRaises(AccessError):
            theirs.name = "x"
        theirs.action_adopt()
        self.assertFalse(practice.adopter_ids)
        practice.adopter_ids = self.champion
        self.assertFalse(practice.adopter_ids, "Everybody for themselves")
        self.assertFalse(self.as_user(practice, self.outsider).search([('id', '=', practice.id)]))
