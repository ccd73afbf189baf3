from odoo.fields import Command
from odoo.tests import tagged

from .service_common import ServiceCase

MAIL = """\
Return-Path: <{sender}>
To: {to}
From: {sender}
Subject: {subject}
Message-Id: <{ident}@customer.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="sep"

--sep
Content-Type: text/html; charset=utf-8

<p>The gearbox is <b>glowing</b>!</p>
--sep
Content-Type: text/plain
Content-Disposition: attachment; filename="{attachment}"

secret
--sep--
"""


@tagged('post_install', '-at_install')
class TestKamIssueMail(ServiceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env['mail.alias.domain'].create({'name': 'nordwind-test.example'})
        cls.program.champion_ids = [Command.set(cls.champion.ids)]
        cls.program.with_user(cls.champion).write({
            'alias_name': 'Key Accounts', 'alias_domain_id': cls.domain.id})
        cls.jo = cls.env['res.partner'].create({
            'name': "Jo", 'email': 'jo@acme.example', 'parent_id': cls.acme_asia.id})

    def receive(self, sender='Jo <jo@acme.example>', subject="Gearbox", attachment="photo.txt", ident='1'):
        known = self.env['kam.issue'].search([])
        self.env['mail.thread'].with_user(self.env.ref('base.user_root')).message_process(
            False, MAIL.format(sender=sender, subject=subject, attachment=attachment, ident=ident,
                               to=self.program.alias_email))
        return self.env['kam.issue'].search([]) - known

    def test_address_of_the_programme(self):
        self.assertEqual(self.program.alias_email, 'key-accounts@nordwind-test.example')
        self.assertFalse(self.program_b.alias_email)

    def test_issue_in_the_words_of_the_customer(self):
        issue = self.receive()
        self.assertEqual(
            (issue.name, issue.account_id, issue.partner_id, issue.owner_id, issue.stage_kind),
            ("Gearbox", self.acme, self.jo, self.service, 'new'))
        self.assertEqual(issue.customer_words, "The gearbox is *glowing*!")
        self.assertTrue(issue.date_resolution_due)
        self.assertFalse(issue.date_responded, "the customer's own mail is no answer")
        self.assertTrue(self.as_user(issue, self.service).has_access('read'))
        self.assertFalse(self.receive(subject=" ", ident='2').name.isspace())

    def test_unknown_sender(self):
        issue = self.receive(sender='Who <who@nowhere.example>')
        self.assertFalse(issue.account_id)
        self.assertEqual((issue.program_id, issue.email_from), (self.program, '"Who" <who@nowhere.example>'))
        self.assertEqual(self.activities(issue).user_id, self.champion)
        self.assertFalse(issue.date_resolution_due)
        for user in (self.manager, self.service, self.outsider):
            self.assertFalse(self.as_user(issue, user).has_access('read'), user.login)
        self.as_user(issue, self.champion).account_id = self.acme
        self.assertEqual((issue.owner_id, bool(issue.date_resolution_due)), (self.service, True))
        self.assertTrue(self.as_user(issue, self.manager).has_access('read'))

    def test_same_address_twice(self):
        self.env['res.partner'].create({'name': "Jo elsewhere", 'email': 'JO@acme.example'})
        self.assertEqual(self.receive().account_id, self.acme)

    def test_hostile_attachment(self):
        issue = self.receive(attachment='../../etc/<script>alert(1)</script>.txt')
        attachment = issue.message_ids.attachment_ids
        self.assertEqual(len(attachment), 1)
        self.assertEqual((attachment.raw.strip(), attachment.res_model), (b"secret", 'kam.issue'))
        self.assertNotIn('..', attachment.store_fname or '')

    def test_archived_account_is_none(self):
        self.acme.active = False
        self.assertFalse(self.receive().account_id)
