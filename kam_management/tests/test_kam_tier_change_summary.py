from freezegun import freeze_time

from odoo.tests import tagged

from .common import KamCase


@tagged('post_install', '-at_install')
class TestKamTierChangeSummary(KamCase):
    """One line of plain words for each change."""

    @freeze_time('2026-06-01')
    def test_applied(self):
        change = self.decide(self.propose(
            self.free, 'strategic', criteria_state='not_met', is_exception=True, exception_reason="Opens rail",
            exception_until='2026-12-31'))
        self.assertEqual(
            change.summary, "Made a key account in Strategic by kam_champion: exception until 12/31/2026")
        promotion = self.decide(self.propose(self.acme, 'diamond'))
        self.assertEqual(promotion.summary, "Promoted to Diamond by kam_champion")
        self.assertEqual(self.decide(self.propose(self.acme, 'lost')).summary,
                         "Left the key accounts for Lost, decided by kam_champion: Too expensive")

    @freeze_time('2026-06-01')
    def test_refused_says_why_and_when_it_shows_up_again(self):
        self.program.quiet_days = 30
        change = self.propose(self.free, 'strategic')
        self.assertEqual(change.summary, "Proposed for Strategic by kam_manager")
        change.action_submit()
        self.as_user(change, self.champion)._refuse("One good year only")
        self.assertEqual(change.summary, "Not moved to Strategic, refused by kam_champion: One good year only")
        self.assertEqual(str(change.date_quiet_until), '2026-07-01')
