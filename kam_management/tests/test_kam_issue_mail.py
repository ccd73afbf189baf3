import base64

from freezegun import freeze_time

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

    def receive(self, sender='Jo <jo@acme.example>', subject="Gearbox", attachment="photo.txt", ident='1', mail=MAIL,
                headers=''):
        known = self.env['kam.issue'].search([])
        self.env['mail.thread'].with_user(self.env.ref('base.user_root')).message_process(
            False, headers + mail.format(sender=sender, subject=subject, attachment=attachment, ident=ident,
                                         to=self.program.alias_email))
        return self.env['kam.issue'].search([]) - known

    def reply(self, issue, sender='Jo <jo@acme.example>', headers='', ident='reply'):
        answered = issue.message_ids[-1].message_id
        return self.receive(sender, subject="Re: Gearbox", ident=ident, headers=f'In-Reply-To: {answered}\n{headers}')

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

    def test_hostile_attachment_names(self):
        long, turned = 'x' * 400 + '.pdf', base64.b64encode("photo_\u202egpj.exe".encode()).decode()
        for number, (name, clean) in enumerate((
            ('../../etc/<script>alert(1)</script>.txt', 'script_.txt'),
            ('..\\\\..\\\\windows\\\\system32\\\\calc.exe', 'calc.exe'),
            ('/etc/passwd', 'passwd'),
            ('../..', 'attachment'),
            ('<img src=x onerror=alert(1)>.png', 'img src=x onerror=alert(1)_.png'),
            ('=?utf-8?q?a=0D=0AContent-Type=3A_text=2Fhtml=00.txt?=', 'html.txt'),
            (f'=?utf-8?b?{turned}?=', 'photo_gpj.exe'),
            (long, 'x' * 116 + '.pdf'),
            ('photo of the gearbox.jpg', 'photo of the gearbox.jpg'),
        )):
            with self.subTest(name=name):
                attachment = self.receive(attachment=name, ident=f'name{number}').message_ids.attachment_ids
                self.assertEqual((attachment.name, attachment.raw.strip()), (clean, b"secret"))
                self.assertEqual(attachment.res_model, 'kam.issue')
                self.assertNotIn('..', attachment.store_fname or '')

    def test_hostile_content(self):
        html = MAIL.replace("<p>The gearbox is <b>glowing</b>!</p>", (
            '<p onclick="alert(1)">It is <b>hot</b><script>alert("words")</script><style>p {{}}</style></p>'
            '<a href="javascript:alert(1)">look</a><iframe src="https://evil.example"></iframe>'
            '<img src="x" onerror="alert(1)"/>')).replace("text/plain", "text/html").replace("secret", (
                '<script>alert(1)</script>'))
        issue = self.receive(mail=html, attachment="page.html", subject="<script>alert(2)</script> \u202eHot")
        body = issue.message_ids[-1].body
        for hostile in ('script', 'alert', 'onclick', 'onerror', 'iframe', 'javascript'):
            self.assertNotIn(hostile, body)
            self.assertNotIn(hostile, issue.customer_words)
        self.assertIn("It is *hot*", issue.customer_words)
        self.assertEqual(issue.name, "<script>alert(2)</script> Hot", "text, shown as such")
        self.assertEqual(issue.message_ids.attachment_ids.mimetype, 'text/plain', "no page of ours")

    def test_huge_body_and_subject(self):
        mail = MAIL.replace("The gearbox is <b>glowing</b>!", "The gearbox is glowing! " * 100_000)
        issue = self.receive(mail=mail, subject="Gearbox " * 500)
        self.assertLess(len(issue.customer_words), 20_100)
        self.assertTrue(issue.customer_words.startswith("The gearbox is glowing! The gearbox"))
        self.assertTrue(issue.customer_words.endswith("(The rest is in the message below.)"))
        self.assertGreater(len(issue.message_ids[-1].body), 2_000_000)
        self.assertEqual(len(issue.name), 200)

    def test_empty_mail(self):
        issue = self.receive(mail=MAIL.replace("<p>The gearbox is <b>glowing</b>!</p>", ""), subject="")
        self.assertEqual((issue.name, issue.customer_words), ("E-mail without subject", ''))
        issue.customer_words = "They called: it glows"

    def test_sender_known_at_several_accounts(self):
        """Nobody reads the mail of a customer who is not theirs: a champion says whose it is."""
        other = self.env['res.partner'].create({
            'name': "Jo", 'email': 'jo@acme.example', 'parent_id': self.beta_partner.id})
        issue = self.receive()
        self.assertFalse(issue.account_id or issue.partner_id)
        activity = self.activities(issue)
        self.assertEqual((activity.user_id, activity.summary), (
            self.champion, "Which of these customers is this from: Acme, Beta?"))
        for user in (self.manager, self.colleague):
            self.assertFalse(self.as_user(issue, user).has_access('read'))
        other.parent_id = self.acme_partner
        self.assertEqual(self.receive(ident='2').account_id, self.acme, "twice at the same account")

    # Mails that nobody wrote

    def test_automatic_replies(self):
        for number, header in enumerate((
            "Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied; owner=jo", "X-Autoreply: yes",
            "Precedence: auto_reply", "Auto-Submitted: auto-generated\nIn-Reply-To: <elsewhere@acme.example>",
        )):
            with self.subTest(header=header):
                self.assertFalse(self.receive(headers=f'{header}\n', ident=f'auto{number}'))
        for number, header in enumerate(("Auto-Submitted: no", "Auto-Submitted: auto-generated", "Precedence: bulk")):
            with self.subTest(header=header):
                self.assertTrue(self.receive(headers=f'{header}\n', ident=f'real{number}'), "a machine")

    def test_bounces(self):
        self.assertFalse(self.receive(sender='MAILER-DAEMON@acme.example'))
        report = MAIL.replace("multipart/mixed", "multipart/report; report-type=delivery-status")
        self.assertFalse(self.receive(mail=report, ident='2'))

    def test_flood(self):
        self.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', 2)
        self.assertTrue(self.receive(ident='1') and self.receive(ident='2'))
        self.assertFalse(self.receive(ident='3'))

    @freeze_time('2026-06-08 09:00:00')
    def test_an_answer_ends_the_wait(self):
        issue = self.receive()
        issue.stage_id = self.stages['waiting']
        self.assertFalse(self.reply(issue, ident='auto', headers="Auto-Submitted: auto-replied\n"))
        self.assertFalse(self.reply(issue, ident='us', sender=self.service.email))
        self.assertEqual((issue.stage_kind, len(issue.message_ids)), ('waiting', 3))
        with freeze_time('2026-06-08 11:00:00'):
            self.assertFalse(self.reply(issue, ident='answer'))
        self.assertEqual((issue.stage_kind, issue.waited_hours, len(issue.message_ids)), ('progress', 2, 4))
        self.assertEqual(issue.message_ids.attachment_ids.mapped('name'), ["photo.txt"] * 4)
        issue.write({'stage_id': self.stages['done'].id, 'resolution': "Replaced"})
        self.reply(issue, ident='thanks')
        self.assertEqual(issue.stage_kind, 'done')

    def test_archived_account_is_none(self):
        self.acme.active = False
        self.assertFalse(self.receive().account_id)
