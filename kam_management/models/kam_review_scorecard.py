from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .kam_review_rating import DIMENSIONS


class KamReview(models.Model):
    """The scorecard of a review with the customer, with what our own records say beside each point."""
    _inherit = 'kam.review'

    satisfaction = fields.Char(compute='_compute_voice', help="0 to 10, as the customer said.")
    recommendation = fields.Char(compute='_compute_voice', string="Would Recommend Us", help="0 to 10.")

    @api.depends('scorecard_ids.answer')
    def _compute_voice(self):
        for review in self:
            answers = {rating.dimension: rating.answer for rating in review.scorecard_ids}
            review.satisfaction, review.recommendation = answers.get('satisfaction'), answers.get('recommend')

    def action_prepare_scorecard(self):
        for review in self:
            review._work_on()
        self._prepare_scorecard()
        return True

    def _prepare_scorecard(self):
        """A row for each point; what the records can tell is filled in, and the customer has the last word."""
        for review in self.filtered(lambda review: review.kind != 'internal'):
            facts = review._record_facts()
            there = set(review.scorecard_ids.mapped('dimension'))
            # What the records say is closed to users (sudo); callers have checked the permission.
            self.env['kam.review.rating'].sudo().create([
                {'review_id': review.id, 'dimension': dimension, 'sequence': number, 'fact': facts.get(dimension)}
                for number, (dimension, _label) in enumerate(DIMENSIONS) if dimension not in there])

    def _record_facts(self):
        """{dimension: sentence} of the last twelve months; others add to it by super()."""
        self.ensure_one()
        facts, account = {}, self.account_id
        since = fields.Date.context_today(self) - relativedelta(months=12)
        # How much, not which: invoices can be restricted, and the figures are part of the account (sudo).
        totals = defaultdict(int)
        for kind, count in self.env['account.move'].sudo()._read_group(
                [*account._invoice_domain(), ('invoice_date', '>=', since)], ['move_type'], ['__count']):
            totals[kind] = count
        if totals['out_invoice']:
            facts['quality'] = self.env._(
                "%(returns)s credit notes to %(invoices)s invoices in 12 months",
                returns=totals['out_refund'], invoices=totals['out_invoice'])
        delivery = self._delivery_fact(since)
        return {**facts, **({'delivery': delivery} if delivery else {})}

    def _delivery_fact(self, since):
        """Orders that left by the day promised, where stock is installed and days were promised."""
        Order = self.env['sale.order'].sudo()  # how many, not which
        if 'effective_date' not in Order._fields:
            return None
        orders = Order.search([
            ('partner_id.commercial_partner_id', 'in', self.account_id.sudo().entity_ids.partner_id.ids),
            ('company_id', 'in', self.account_id.company_ids.ids), ('state', '=', 'sale'),
            ('commitment_date', '>=', since), ('effective_date', '!=', False)])
        if not orders:
            return None
        kept = orders.filtered(lambda order: order.effective_date.date() <= order.commitment_date.date())
        return self.env._("%(kept)s of %(all)s orders on the day promised", kept=len(kept), all=len(orders))
