from odoo import api, fields, models
from odoo.tools.misc import format_date


class KamReview(models.Model):
    """What plan and figures said on the day of the review, frozen (F81), and the page to read before it."""
    _inherit = 'kam.review'

    snapshot = fields.Json(
        readonly=True, copy=False,
        help="{tier, tier_id, plan, plan_id, plan_score, facts, sections}: see `_snapshot`; facts in each language, "
             "sections are those of kam.plan._snapshot.")
    snapshot_page = fields.Html(compute='_compute_snapshot_page', sanitize=False, string="As of the Review")
    briefing = fields.Html(compute='_compute_briefing', sanitize=False)

    def _snapshot(self):
        """Frozen at holding, as far as whoever holds the review may read it; others add to it by super()."""
        self.ensure_one()
        account = self.account_id
        plan = account.current_plan_id
        return {
            'tier': account.tier_id.name, 'tier_id': account.tier_id.id, 'plan': plan.display_name if plan else None,
            'plan_id': plan.id or None, 'plan_score': plan.score if plan else None,
            # Sentences, so once in each language in which somebody may read them.
            'facts': {code: account.with_context(lang=code)._plan_facts()[account]
                      for code, _name in self.env['res.lang'].get_installed()},
            'sections': plan._snapshot() if plan else {},
        }

    @api.depends_context('lang')
    @api.depends('snapshot')
    def _compute_snapshot_page(self):
        for review in self:
            review.snapshot_page = review.snapshot and self.env['ir.qweb']._render(
                'kam_management.kam_review_snapshot', review._snapshot_values())

    def _snapshot_values(self):
        """What the page shows: facts of that day, and what the plan says today instead."""
        snapshot = self.snapshot
        plan = self.env['kam.plan'].browse(snapshot.get('plan_id')).exists()
        now = plan._snapshot() if plan and plan.has_access('read') else {}
        changes = []
        for section, entries in {**snapshot['sections'], **now}.items():
            then, today = dict(snapshot['sections'].get(section, [])), dict(now.get(section, []))
            changes += [
                (section, plan._snapshot_key(key), plan._snapshot_text(then.get(key)),
                 plan._snapshot_text(today.get(key)))
                for key in {**then, **today} if then.get(key) != today.get(key)] if entries is not None else []
        return {
            'snapshot': snapshot, 'tier': self._frozen_tier(), 'facts': self._frozen_facts(), 'changes': changes,
            'labels': self.env['kam.plan']._snapshot_labels(), 'since': format_date(self.env, self.date_held)}

    def _frozen_tier(self):
        """In the reader's language while the tier exists."""
        return self.env['kam.tier'].browse(self.snapshot.get('tier_id')).exists().name or self.snapshot.get('tier')

    def _frozen_facts(self):
        """In the reader's language where it was there at the review; older reviews have them in one language."""
        facts = self.snapshot.get('facts') or []
        if isinstance(facts, dict):
            facts = facts.get(self.env.lang) or next(iter(facts.values()), [])
        return facts

    @api.depends_context('lang', 'uid')
    def _compute_briefing(self):
        for review in self:
            review.briefing = review.account_id and self.env['ir.qweb']._render(
                'kam_management.kam_review_briefing', review._briefing_values())

    def _briefing_values(self):
        """One page before the meeting (F47, S90), as far as the reader may see it; others add sections by super().

        `sections` are [(title, [sentence])]; those without sentence are not shown.
        """
        self.ensure_one()
        account = self.account_id
        people = account.stakeholder_ids.filtered(lambda person: not person.date_left)
        invited = people.filtered(lambda person: person.partner_id in self.partner_ids)
        # What was said to the customer is what the customer remembers.
        kinds = ('internal',) if self.kind == 'internal' else ('business', 'visit')
        last = self.search([
            ('account_id', '=', account.id), ('state', 'in', ('held', 'closed')), ('id', '!=', self._origin.id),
            ('kind', 'in', kinds)], limit=1)
        plan = account.current_plan_id
        return {
            'review': self, 'account': account, 'last': last, 'plan': plan,
            'kind': dict(self._fields['kind']._description_selection(self.env)).get(self.kind),
            # What we owe the customer has a section of its own.
            'settled': last.decision_ids.filtered(
                lambda decision: self.kind == 'internal'
                or decision.state != 'open' and not decision.action_id.is_open),
            'people': invited or people[:6], 'facts': account._plan_facts()[account],
            'reasons': [*(self.reason or "").splitlines(), *(account.visit_reason or "").splitlines()],
            'changes': (account.changes_since_visit or "").splitlines(),
            'actions': plan.action_ids.filtered('is_open')[:8] if plan else [],
            'roles': dict(self.env['kam.stakeholder']._fields['buying_role']._description_selection(self.env)),
            'sections': self._briefing_sections(), 'format_date': lambda day: format_date(self.env, day),
        }

    def _briefing_sections(self):
        """[(title, [sentence])]; others add to it by super()."""
        return [
            *self.account_id._briefing_sections(),
            (self.env._("What the tier promises"), (self.account_id.tier_id.promise or "").split("\n"))]

    def action_open_briefing(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Briefing: %s", self.account_id.display_name),
            'res_model': self._name,
            'res_id': self.id,
            'views': [(self.env.ref('kam_management.kam_review_view_form_briefing').id, 'form')],
        }
