from odoo import api, fields, models
from odoo.tools.misc import format_date


class KamTierChange(models.Model):
    """A tier change in one line of plain words, in the language of the reader."""
    _inherit = 'kam.tier.change'

    summary = fields.Char(compute='_compute_summary')
    date_quiet_until = fields.Date(
        compute='_compute_date_quiet_until', string="Shows Up Again On",
        help="From this day on the same change may be proposed again; whoever meets the criteria and is not key "
             "must be "
             "explained.")

    @api.depends_context('lang')
    @api.depends('state', 'kind', 'to_tier_id', 'approver_id', 'requester_id', 'refusal_reason', 'exception_state')
    def _compute_summary(self):
        for change in self:
            facts = ", ".join(filter(None, change._summary_facts()))
            sentence = change._summary_sentence()
            change.summary = f"{sentence}: {facts}" if facts else sentence

    def _summary_sentence(self):
        tier, person = self.to_tier_id.name, self.approver_id.name or ""
        if self.state in ('applied', 'approved'):
            return {
                'nomination': self.env._("Made a key account in %(tier)s by %(person)s", tier=tier, person=person),
                'promotion': self.env._("Promoted to %(tier)s by %(person)s", tier=tier, person=person),
                'demotion': self.env._("Moved down to %(tier)s by %(person)s", tier=tier, person=person),
                'exit': self.env._(
                    "Left the key accounts for %(tier)s, decided by %(person)s", tier=tier, person=person),
                'renewal': self.env._("Kept in %(tier)s by %(person)s", tier=tier, person=person),
            }.get(self.kind, "")
        if self.state == 'refused':
            return self.env._("Not moved to %(tier)s, refused by %(person)s", tier=tier, person=person)
        return self.env._("Proposed for %(tier)s by %(person)s", tier=tier, person=self.requester_id.name or "")

    def _summary_facts(self):
        """Short facts that belong into the line; scoring adds the score."""
        if self.state == 'refused':
            return [self.refusal_reason]
        return [
            self.is_exception and self.exception_until and self.env._(
                "exception until %s", format_date(self.env, self.exception_until)),
            self.override_reason and self.env._("limit exceeded (%s)", self.override_reason),
            self.date_told and self.kind in ('demotion', 'exit') and self.env._(
                "after %s failed reviews", self.failed_review_count),
        ]

    @api.depends('state', 'date_decided', 'program_id.quiet_days')
    def _compute_date_quiet_until(self):
        for change in self:
            change.date_quiet_until = change.state == 'refused' and change.date_decided and fields.Date.add(
                change.date_decided.date(), days=change.program_id.quiet_days)
