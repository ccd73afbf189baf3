from odoo.tests import HttpCase, tagged

from .common import AS_OF, ScoringCase


@tagged('post_install', '-at_install')
class TestValueTours(HttpCase, ScoringCase):

    def test_pareto(self):
        """A champion of one programme sees the chart, opens a class, and finds the value on the account."""
        self.publish_model()
        self.run_scoring()
        self.env['kam.lifetime.fit']._fit_program(self.program, AS_OF)
        self.start_tour('/odoo/kam-pareto', 'kam_pareto', login='kam_champion')

    def test_segments(self):
        """Graph and pivot of the segments show revenue in the programme's currency."""
        self.publish_model()
        self.run_scoring()
        self.start_tour('/odoo/kam-segments', 'kam_segments', login='kam_champion')

    def test_empty_pareto(self):
        """Whoever sees no account yet is told so."""
        self.start_tour('/odoo/kam-pareto', 'kam_pareto_empty', login='kam_outsider')
