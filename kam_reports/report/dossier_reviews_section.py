from odoo.addons.kam_management.models.kam_review import OPEN_STATES
from odoo.addons.kam_management.models.kam_review_rating import DIMENSIONS

from .dossier_section import DossierSection
from .reviews_section import HELD_STATES
from .xlsx_charts import PALETTE, new_chart, place_chart
from .xlsx_values import Column

# Of the latest reviews: more do not fit beside each other.
MAX_RATED = 12
MAX_REVIEWS = 40


class DossierReviewsSection(DossierSection):
    """The reviews of an account: what comes, what was said and decided, how the customer rated us (F52-F54)."""
    code = 'reviews'

    def title(self):
        return self.env._("Reviews")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(28, 16, 16, 16, 16, 16, 16, 60)
        reviews = self.env['kam.review'].search(
            [('account_id', '=', self.data.account.id), ('state', '!=', 'cancelled')], order='date desc, id desc')
        self.labels = {**self.data.labels('kam.review', 'kind', 'state'),
                       **self.data.labels('kam.review.rating', 'dimension')}
        held = reviews.filtered(lambda review: review.state in HELD_STATES)
        self._write_coming(sheet, reviews.filtered(lambda review: review.state in OPEN_STATES).sorted('date'))
        self._write_held(sheet, held[:MAX_REVIEWS])
        self._write_decisions(sheet, held)
        self._write_ratings(sheet, held.scorecard_ids.filtered('is_answered'))
        self._write_words(sheet, held.scorecard_ids.filtered('words'))

    def _link(self, review):
        return self.data.link(self.labels['kind'][review.kind], 'kam.review', review.id)

    def _write_coming(self, sheet, reviews):
        self.heading(sheet, self.env._("To be held"))
        columns = [
            Column(self.env._("Review"), 'wrap', width=28),
            Column(self.env._("Date"), 'date', width=16),
            Column(self.env._("State"), 'wrap', width=16),
            Column(self.env._("Prepared By"), 'wrap', width=16),
            Column(self.env._("Days Overdue"), 'integer', width=16),
        ]
        sheet.block(columns, [[
            self._link(review), review.date, self.labels['state'][review.state], review.owner_id.name,
            (self.data.today - review.date).days if review.is_overdue else None] for review in reviews],
            empty=self.env._("No review is planned that you may see. Plan one from the account."))

    def _write_held(self, sheet, reviews):
        self.heading(sheet, self.env._("Held, the latest first"))
        columns = [
            Column(self.env._("Review"), 'wrap', width=28),
            Column(self.env._("Date"), 'date', width=16),
            Column(self.env._("State"), 'wrap', width=16),
            Column(self.env._("Prepared By"), 'wrap', width=16),
            Column(self.env._("Decisions"), 'integer', width=16),
            Column(self.env._("Undecided"), 'integer', width=16),
            Column(self.env._("Satisfaction"), 'integer', width=16),
            Column(self.env._("Summary"), 'wrap', width=60),
        ]
        sheet.block(columns, [[
            self._link(review), review.date, self.labels['state'][review.state], review.owner_id.name,
            len(review.decision_ids), review.open_decision_count,
            next((rating.points for rating in review.scorecard_ids
                  if rating.dimension == 'satisfaction' and rating.is_answered), None),
            review.minutes] for review in reviews], empty=self.env._("No review has been held yet."))

    def _write_decisions(self, sheet, reviews):
        states = self.data.labels('kam.review.decision', 'state')['state']
        self.heading(sheet, self.env._("What was decided, the latest first"))
        columns = [
            Column(self.env._("Review"), 'wrap', width=28),
            Column(self.env._("Date"), 'date', width=16),
            Column(self.env._("Who"), 'wrap', width=16),
            Column(self.env._("Until"), 'date', width=16),
            Column(self.env._("What Became of It"), 'wrap', width=16),
            Column(self.env._("Tier"), 'wrap', width=16),
            Column(self.env._("Action Done On"), 'date', width=16),
            Column(self.env._("Decision"), 'wrap', width=60),
        ]
        sheet.block(columns, [[
            self._link(review), review.date, decision.user_id.name, decision.date_due, states[decision.state],
            decision.to_tier_id.name, decision.action_id._filtered_access('read').date_done, decision.name]
            for review in reviews for decision in review.decision_ids],
            empty=self.env._("Nothing has been decided at a review yet."))

    # How the customer rates us

    def _write_ratings(self, sheet, ratings):
        """A row for each of the latest reviews, the earliest first, a column for each point that is rated."""
        reviews = ratings.review_id.sorted('date')[-MAX_RATED:]
        points = {(rating.review_id, rating.dimension): rating.points for rating in ratings}
        if reviews:
            # With its chart on one page.
            sheet.worksheet.set_h_pagebreaks([sheet.row])
        self.heading(sheet, self.env._("How the customer rates us, 0 (worst) to 10 (best)"))
        columns = [
            Column(self.env._("Review Held On"), 'wrap', width=28),
            *(Column(self.labels['dimension'][dimension], 'integer', width=16) for dimension, _label in DIMENSIONS)]
        header = sheet.block(columns, [
            # As text: an axis of dates would spread over days without review.
            [self.data.link(self.data.format_date(review.date), 'kam.review', review.id),
             *(points.get((review, dimension)) for dimension, _label in DIMENSIONS)] for review in reviews],
            empty=self.env._("The customer has not rated us yet. The scorecard of a review asks for it."))
        if len(reviews) > 1:
            self._insert_chart(sheet, header, len(reviews))

    def _insert_chart(self, sheet, header, count):
        title, first, last = self.env._("How the customer rates us"), header + 1, header + count
        chart = new_chart(self.writer, 'line', title)
        for col, color in enumerate(PALETTE[:len(DIMENSIONS)], start=1):
            chart.add_series({
                'name': [sheet.name, header, col], 'categories': [sheet.name, first, 0, last, 0],
                'values': [sheet.name, first, col, last, col], 'line': {'color': color, 'width': 2},
                'marker': {'type': 'circle', 'size': 5, 'fill': {'color': color}, 'border': {'color': color}}})
        chart.set_y_axis({'min': 0, 'max': 10, 'major_unit': 2, 'line': {'none': True},
                          'major_gridlines': {'visible': True, 'line': {'color': '#E5E7EB', 'width': 0.75}}})
        place_chart(sheet, chart, sheet.row, 0, 860, 280, title)
        sheet.row += 15

    def _write_words(self, sheet, ratings):
        self.heading(sheet, self.env._("In the customer's words"))
        columns = [
            Column(self.env._("Review"), 'wrap', width=28),
            Column(self.env._("Date"), 'date', width=16),
            Column(self.env._("Rated"), 'wrap', width=16),
            Column(self.env._("0 to 10"), 'integer', width=16),
        ]
        rows = [[
            self._link(rating.review_id), rating.date, self.labels['dimension'][rating.dimension],
            rating.points if rating.is_answered else None] for rating in ratings]
        # The words stand in the wide column, below other texts.
        blank = [Column('', 'text', width=16)] * 3
        sheet.block(
            [*columns, *blank, Column(self.env._("In the Customer's Words"), 'wrap', width=60)],
            [[*row, None, None, None, rating.words] for row, rating in zip(rows, ratings, strict=True)],
            empty=self.env._("Nobody has written down what the customer said."))
