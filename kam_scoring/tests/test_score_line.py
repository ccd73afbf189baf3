from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ScoringCase


@tagged('post_install', '-at_install')
class TestScoreLine(ScoringCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish_model()
        cls.judge(acme='4')
        cls.run_scoring()

    def lines(self, account, user=None):
        account = self.as_user(account, user or self.manager)
        return {line.metric: line for line in account.score_line_ids}

    def test_breakdown(self):
        lines = self.lines(self.acme)
        self.assertEqual(list(lines), [
            'revenue', 'margin', 'growth', 'collection_timeliness', 'collection_rate', 'influence'])
        self.assertEqual({metric: line.value_display.replace("\xa0", " ") for metric, line in lines.items()}, {
            'revenue': "2,400.00 €", 'margin': "49.2 %", 'growth': "166.7 %", 'collection_timeliness': "26.4 days",
            'collection_rate': "45.0 %", 'influence': "4 of 5"})
        self.assertEqual(lines['influence'].criterion_id.metric, 'influence')
        self.assertEqual((lines['margin'].points, lines['margin'].weight, lines['margin'].unit), (100, 20, 'percent'))
        self.assertAlmostEqual(sum(line.contribution for line in lines.values()), self.acme.score, 9)
        missing = self.lines(self.free)['margin']
        self.assertEqual((missing.has_data, missing.value_display), (False, "No data"))

    def test_only_the_current_score(self):
        self.run_scoring('2024-03-10')
        self.assertEqual(len(self.acme.score_ids), 2)
        self.assertEqual(self.acme.score_line_ids.score_id, self.acme.score_id)
        self.assertEqual(len(self.acme.score_ids[-1].line_ids), 6)

    def test_reading_lines_goes_through_the_index(self):
        """Ids of lines name their score: nothing else is read."""
        lines = self.acme.score_line_ids
        query = self.env['kam.score.line']._search([('id', 'in', lines.ids)])
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in self.env.execute_query(
            query.select().__class__("EXPLAIN %s", query.select())))
        self.assertIn("kam_score_pkey", plan)
        self.assertEqual(lines.browse(lines.ids).exists(), lines)

    def test_documents(self):
        lines = self.lines(self.acme)
        action = lines['revenue'].action_open_documents()
        self.assertEqual(action['res_model'], 'account.move')
        moves = self.env['account.move'].search(action['domain'])
        self.assertEqual(len(moves), 5)
        visible = self.as_user(self.env['account.move'], self.manager).search(action['domain'])
        self.assertEqual(visible, moves.filtered(lambda move: move.company_id == self.company_a))
        self.assertEqual(lines['influence'].action_open_documents()['res_model'], 'kam.judgement')

    def test_documents_need_the_right_to_read_invoices(self):
        executive = self._user('kam_reader', 'kam_management.group_kam_executive', self.company_a)
        line = self.lines(self.acme, executive)['revenue']
        self.env['ir.model.access'].search([
            ('model_id.model', '=', 'account.move'), ('perm_read', '=', True)]).active = False
        with self.assertRaisesRegex(UserError, "may not read the documents"):
            line.action_open_documents()

    def test_explanation_in_words(self):
        score = self.as_user(self.acme.score_id, self.manager)
        text = score._explanations()[score]
        self.assertIn("Gross Margin: 49.2 %, 100 of 100 points (weight 20)", text)
        self.assertIn("Days Beyond Terms: 26.4 days", text)

    def test_hidden_lines(self):
        with self.assertRaises(AccessError):
            self.acme.score_line_ids[0].with_user(self.colleague).read(['points'])

    def test_opening_an_account_takes_few_queries(self):
        fields = {'score': {}, 'score_id': {}, 'score_date': {}, 'score_rank': {}, 'score_line_ids': {
            'fields': {name: {} for name in ('metric', 'value_display', 'points', 'weight', 'contribution')}}}
        account = self.as_user(self.acme, self.manager)
        account.web_read(fields)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            account.web_read(fields)
