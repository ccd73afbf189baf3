from urllib.parse import unquote

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import compact_ids
from .common import KamReportsCase, open_workbook


@tagged('post_install', '-at_install')
class TestReviewPackDownload(HttpCase, KamReportsCase):

    def get(self, login, path, companies=None):
        if login:
            self.authenticate(login, login)
        else:
            self.authenticate(None, None)
        cookies = {'cids': '-'.join(map(str, companies.ids))} if companies else None
        with mute_logger('odoo.http'):  # it warns of each refusal
            return self.url_open(f'/kam_reports/review_pack/{path}', cookies=cookies, allow_redirects=False)

    def assertNoTraceback(self, response, status, text):
        self.assertEqual(response.status_code, status, response.text)
        self.assertIn(text, response.text)
        self.assertNotIn("Traceback", response.text)

    def test_download(self):
        self.program.name = "Europa & Österreich"
        response = self.get('kam_champion', self.program.id)
        self.assertEqual(response.status_code, 200, response.text[:500])
        self.assertEqual(
            response.headers['Content-Type'], 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        disposition = unquote(response.headers['Content-Disposition'])
        self.assertRegex(disposition, r"attachment; .*Europa .*Österreich - Portfolio Review - \d{4}-\d\d-\d\d\.xlsx")
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        workbook = open_workbook(response.content)
        self.assertEqual([row["Account"] for row in self.portfolio(workbook)], ["Acme", "Delta"])

    def test_chosen_accounts(self):
        url = self.as_user(self.acme | self.beta, self.champion).action_print_review_pack()['url']
        response = self.get('kam_champion', url.removeprefix('/kam_reports/review_pack/'))
        workbook = open_workbook(response.content)
        self.assertEqual([row["Account"] for row in self.portfolio(workbook)], ["Acme", "Beta"])

    def test_archived_account(self):
        self.beta.active = False
        response = self.get('kam_champion', f'{self.program.id}?ids={self.beta.id}')
        self.assertEqual([row["Account"] for row in self.portfolio(open_workbook(response.content))], ["Beta"])

    def test_bad_accounts(self):
        for ids in ('', 'x', '1;2', '0', '-5', '1-99999999', '3-1', '99999999999', '²', '1,'):
            self.assertNoTraceback(
                self.get('kam_champion', f'{self.program.id}?ids={ids}'), 400, "not given as numbers")
        other = self.env['kam.account'].create({
            'program_id': self.program_b.id, 'partner_id': self.acme_partner.id})
        for ids in (2**31 - 1, other.id, compact_ids([self.acme.id, other.id])):
            self.assertNoTraceback(
                self.get('kam_champion', f'{self.program.id}?ids={ids}'), 404, "do not exist any more")
        self.assertNoTraceback(
            self.get('kam_colleague', f'{self.program.id}?ids={self.acme.id}'), 404, "not yours to see")

    def test_bad_program(self):
        self.assertNoTraceback(self.get('kam_champion', 2**31 - 1), 404, "no such programme")
        self.assertNoTraceback(self.get('kam_champion', 2**40), 404, "no such programme")
        self.assertNoTraceback(self.get('kam_executive', self.program_b.id), 404, "no such programme")

    def test_users(self):
        self.assertNoTraceback(self.get('kam_sales', self.program.id), 403, "for account managers, executives")
        self.assertEqual(self.get('kam_executive', self.program.id).status_code, 200)
        response = self.get(None, self.program.id)
        self.assertEqual(response.status_code, 303)
        self.assertIn('/web/login', response.headers['Location'])

    def test_company_switcher(self):
        path = self.program_b.id
        self.assertEqual(self.get('kam_champion', path, self.company_a | self.company_b).status_code, 200)
        self.assertEqual(self.get('kam_champion', path, self.company_b).status_code, 200)
        self.assertEqual(self.get('kam_champion', path, self.company_a).status_code, 404)
        # A switcher of another user on the same machine lends no company.
        self.assertEqual(self.get('kam_executive', path, self.company_b).status_code, 404)
        self.assertEqual(self.get('kam_executive', self.program.id, self.company_b).status_code, 200)
