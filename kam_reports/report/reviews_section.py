from collections import Counter

from odoo.addons.kam_management.models.kam_review import KINDS, OPEN_STATES
from odoo.addons.kam_management.models.kam_review_rating import DIMENSIONS

from .service_section import ServiceSection
from .xlsx_charts import add_series, horizontal_bars, new_chart, place_chart
from .xlsx_style import BAND, NEGATIVE, TEXTS
from .xlsx_text import wrapped_lines
from .xlsx_values import Column

WIDTHS = (28, 16, 11, 13, 13, 11, 12, 12, 11, 20)
# The columns that the words of customers are written across.
WORDS = (4, len(WIDTHS) - 1)
# Accounts that something is to be done for, and the latest words; more nobody reads.
MAX_ACCOUNTS = 500
MAX_WORDS = 100
HELD_STATES = ('held', 'closed')


class ReviewsSection(ServiceSection):
    """Which reviews were held and which are due, how customers rate us, and what they said at reviews (F52-F54)."""
    code = 'reviews'

    def title(self):
        return self.env._("Reviews")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(*WIDTHS)
        self._load()
        sheet.tiles(self._tiles(), 10)
        self._write_kinds(sheet)
        self._write_dimensions(sheet)
        self._write_accounts(sheet)
        self._write_words(sheet)

    # Figures

    def _load(self):
        select, period = self.data.select, ('date', '>=', self.since)
        # (account, kind, day) of those held in the period; (account, id, kind, day, owner) of those to be held.
        self.held = select('kam.review', [self.data.among_accounts(), ('state', 'in', HELD_STATES), period],
                           ['account_id', 'kind', 'date'])
        self.coming = select('kam.review', [self.data.among_accounts(), ('state', 'in', OPEN_STATES)],
                             ['account_id', 'id', 'kind', 'date', 'owner_id'], order='date desc, id desc')
        # Also what they answered in surveys, where that app is installed.
        self.voices = select(
            'kam.voice', [
                self.data.among_accounts(), '|', ('source', '!=', 'review'), ('review_id.state', 'in', HELD_STATES),
                period],
            ['account_id', 'topic', 'points', 'recommendation'], order='date, id')

    def _points(self, topic):
        return [points for _account, about, points, _recommendation in self.voices if about == topic]

    def _tiles(self):
        """(label, value, kind, note)"""
        planned = {account for account, *_review in self.coming}
        satisfied, recommended = self._points('satisfaction'), [
            points for _account, topic, _points, points in self.voices if topic == 'recommend']
        return [
            (self.env._("Took Place"), len(self.held), 'integer', self.since_text()),
            (self.env._("Planned"), len(self.coming), 'integer',
             self.env._("%s without any", len(self.data.by_id) - len(planned))),
            (self.env._("Overdue"), sum(day < self.data.today for *_review, day, _owner in self.coming), 'integer',
             self.env._("of %s planned", len(self.coming))),
            (self.env._("Satisfaction"), sum(satisfied) / len(satisfied) if satisfied else None, 'points',
             self.env._("0 to 10, %s answers", len(satisfied))),
            (self.env._("Net Promoter Score"), sum(recommended) / len(recommended) if recommended else None, 'change',
             self.env._("-100 to 100, %s answers", len(recommended))),
        ]

    def _write_kinds(self, sheet):
        labels = self.data.labels('kam.review', 'kind')['kind']
        held = Counter(kind for _account, kind, _day in self.held)
        coming = Counter(kind for _account, _id, kind, *_others in self.coming)
        overdue = Counter(kind for _account, _id, kind, day, _owner in self.coming if day < self.data.today)
        columns = [
            Column(self.env._("Kind"), 'wrap', total='label', width=28),
            Column(self.env._("Took Place"), 'integer', total='sum', width=16),
            Column(self.env._("Planned"), 'integer', total='sum', width=11),
            Column(self.env._("Overdue"), 'integer', total='sum', width=13),
        ]
        sheet.block(columns, [[labels[kind], held[kind], coming[kind], overdue[kind]] for kind, _label in KINDS],
                    total_label=self.env._("Together"))

    def _write_dimensions(self, sheet):
        labels = self.data.labels('kam.review.rating', 'dimension')['dimension']
        rows = [
            [labels[dimension], len(points), sum(points) / len(points), min(points)]
            for dimension, _label in DIMENSIONS if (points := self._points(dimension))]
        self.heading(sheet, self.env._("How customers rate us, 0 (worst) to 10 (best)"))
        columns = [
            Column(self.env._("Rated"), 'wrap', width=28),
            Column(self.env._("Answers"), 'integer', width=16),
            Column(self.env._("Mean"), 'points', width=11),
            Column(self.env._("Lowest"), 'points', width=13),
        ]
        header = sheet.block(columns, rows, empty=self.env._(
            "No customer has rated us in the period. The scorecard of a review asks for it once the review is held."))
        if rows:
            title, first, last = self.env._("How customers rate us"), header + 1, header + len(rows)
            chart = new_chart(self.writer, 'bar', title)
            add_series(chart, sheet, title, (first, 0, last, 0), (first, 2, last, 2), BAND,
                       data_labels={'value': True, 'num_format': '0.0', 'font': {'size': 9}})
            horizontal_bars(chart)
            chart.set_x_axis({'visible': False, 'major_gridlines': {'visible': False}, 'min': 0, 'max': 10})
            place_chart(sheet, chart, header - 7, 4, 560, 300, title)
            sheet.row = max(sheet.row, header + 9)

    # By account

    def _write_accounts(self, sheet):
        self.heading(sheet, self.env._("By account: overdue, without any planned, to come"))
        columns = [
            Column(self.env._("Account"), 'wrap', total='count', width=28),
            Column(self.env._("Tier"), 'wrap', width=16),
            Column(self.env._("Took Place"), 'integer', total='sum', width=11),
            Column(self.env._("Last Review"), 'date', width=13),
            Column(self.env._("Next Review"), 'date', width=13),
            Column(self.env._("Days Overdue"), 'integer', width=11),
            Column(self.env._("Satisfaction"), 'points', width=12),
            Column(self.env._("Would Recommend Us"), 'points', width=12),
            Column(self.env._("Undecided"), 'integer', total='sum', width=11),
            Column(self.env._("Prepared By"), 'wrap', width=20),
        ]
        rows = self._rows()
        header = sheet.block(columns, rows, total_label=self.env._("Accounts"), empty=self.data.empty_text())
        self.filter(sheet, header, columns, rows)
        if rows:
            sheet.worksheet.conditional_format(header + 1, 5, header + len(rows), 5, {
                'type': 'cell', 'criteria': '>', 'value': 0,
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})
        if len(self.data.lines) > MAX_ACCOUNTS:
            self.more(sheet, self.env._("%s more accounts.", len(self.data.lines) - MAX_ACCOUNTS))

    def _rows(self):
        held = Counter(account for account, *_review in self.held)
        last = {account.id: day for account, day in self.env['kam.review']._read_group(
            [self.data.among_accounts(), ('state', 'in', HELD_STATES)], ['account_id'], ['date:max'])}
        # The later ones first, so that the earliest one stays; of points the latest.
        coming = {account: review for account, *review in self.coming}
        points = {(account, topic): value for account, topic, value, _recommendation in self.voices}
        undecided = {account.id: count for account, count in self.env['kam.review.decision']._read_group(
            [self.data.among_accounts(), ('state', '=', 'open'), ('review_id.state', '!=', 'cancelled')],
            ['account_id'], ['__count'])}
        owners = self.data.names('res.users', [owner for *_review, owner in self.coming])
        rows = []
        lines = sorted(self.data.lines, key=lambda line: self._next_key(coming.get(line.id)))
        for line in lines[:MAX_ACCOUNTS]:
            review_id, _kind, day, owner = coming.get(line.id, (None, None, None, None))
            rows.append([
                self.account(line.id), line.tier, held[line.id], last.get(line.id), day,
                (self.data.today - day).days if day and day < self.data.today else None,
                points.get((line.id, 'satisfaction')), points.get((line.id, 'recommend')),
                undecided.get(line.id, 0), self.data.link(owners.get(owner), 'kam.review', review_id)])
        return rows

    def _next_key(self, review):
        """Sorts accounts: what is overdue, who has none planned, what comes."""
        if review is None:
            return (1, self.data.today)
        return (0 if review[2] < self.data.today else 2, review[2])

    # In the customer's words

    def _write_words(self, sheet):
        labels = self.data.labels('kam.review.rating', 'dimension')['dimension']
        rows = self.data.select(
            'kam.review.rating', [
                self.data.among_accounts(), ('words', '!=', False), ('review_id.state', 'in', HELD_STATES),
                ('date', '>=', self.since)],
            ['account_id', 'review_id', 'dimension', 'answer', 'date', 'words'], order='date desc, id desc')
        self.heading(sheet, self.env._("In the customers' words, the latest first"))
        headers = (self.env._("Account"), self.env._("Rated"), self.env._("0 to 10"), self.env._("Date"),
                   self.env._("In the Customer's Words"))
        for col, label in enumerate(headers[:-1]):
            sheet.put(sheet.row, col, label, 'text', 'header')
        sheet.merge(sheet.row, *WORDS, headers[-1], 'text', 'header')
        sheet.row += 1
        for account, review, dimension, answer, date, words in rows[:MAX_WORDS]:
            values = [(self.account(account), 'wrap'), (labels[dimension], 'wrap'), (answer and int(answer), 'integer'),
                      (self.data.link(self.data.format_date(date), 'kam.review', review), 'text')]
            for col, (value, kind) in enumerate(values):
                sheet.put(sheet.row, col, value, kind, 'cell', *(('indent',) if kind in TEXTS else ()))
            sheet.merge(sheet.row, *WORDS, words, 'wrap', 'cell', 'indent')
            # Merged cells do not fit their height.
            lines = max(wrapped_lines(words, sum(WIDTHS[WORDS[0]:]) - 4), wrapped_lines(labels[dimension], WIDTHS[1]))
            sheet.worksheet.set_row(sheet.row, min(13 * lines + 5, 400))
            sheet.row += 1
        if not rows:
            sheet.put(sheet.row, 0, self.env._("Nobody has written down what customers said."), 'text', 'note')
        elif len(rows) > MAX_WORDS:
            sheet.put(sheet.row, 0, self.env._("%s more said something before.", len(rows) - MAX_WORDS), 'text', 'note')
        sheet.row += 2
