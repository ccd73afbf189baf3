from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ScoringCase


@tagged('post_install', '-at_install')
class TestTours(HttpCase, ScoringCase):

    def test_score_page(self):
        """An account manager sees what the score is made of, and opens the documents behind a value."""
        self.publish_model()
        self.judge(acme='4')
        self.run_scoring()
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_score_page', login='kam_manager')

    def test_what_moved(self):
        """The waterfall, the score over time, what moved since when, and the documents behind a bar."""
        self.publish_model(criteria=[('influence', 10, 'linear', 1, 5), ('margin', 30, 'linear', 0, 40)])
        self.judge(acme='3')
        self.run_scoring('2024-01-31')
        self.judge(acme='5')
        self.run_scoring('2024-02-29')
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_score_moved', login='kam_manager')

    def test_champion_scores(self):
        """A champion looks at the model, starts a run, and finds the proposals."""
        self.publish_model()
        self.start_tour(f'/odoo/kam-programmes/{self.program.id}', 'kam_score_now', login='kam_champion')
        self.assertEqual(self.program.last_run_state, 'done')

    def test_champion_tries_a_model(self):
        """A champion tries other numbers, keeps them, is sent to the back-test, and publishes."""
        model = self.publish_model(criteria=[('revenue', 1, 'linear', 0, 4800)], rules=[
            {'tier': 'diamond', 'score_min': 30}, {'tier': 'general'}])
        self.run_scoring()
        # Odoo logs the warning that stops the champion as an error of the request.
        with mute_logger('odoo.http'):
            self.start_tour(f'/odoo/kam-scoring-models/{model.id}', 'kam_try_a_model', login='kam_champion')
        self.assertEqual(model.state, 'retired')
        published = self.program.scoring_model_ids - model
        self.assertEqual((published.state, published.tier_rule_ids[0].score_min), ('published', 99))

    def test_run_under_way(self):
        """Whoever looks at a run that waits sees its end without doing anything."""
        model = self.publish_model()
        run = self.env['kam.score.run'].create({
            'program_id': self.program.id, 'model_id': model.id, 'date': '2024-02-29', 'state': 'waiting'})
        looks, web_read = [], type(run).web_read

        def finished_from_second_look_on(runs, specification):
            looks.append(runs.ids)
            values = web_read(runs, specification)
            if len(looks) > 1:
                # Told, not written: the request may only read.
                end = {'state': 'done', 'account_count': 7}
                for row in values:
                    row.update({name: end[name] for name in row.keys() & end.keys()})
            return values

        with patch.object(type(run), 'web_read', finished_from_second_look_on):
            self.start_tour(
                f'/odoo/action-kam_scoring.kam_score_run_action/{run.id}', 'kam_run_under_way', login='kam_champion')
