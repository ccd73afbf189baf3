from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo.tools.misc import format_date

from .dossier_section import DossierSection
from .pack_figures import share
from .xlsx_charts import add_series, new_chart, place_chart
from .xlsx_style import BAND
from .xlsx_values import Column, Styled

MONTHS = 12
# Below the target, and as promised.
BROKEN, KEPT = '#F3C9C4', '#DCEEE2'


class DossierPromisesSection(DossierSection):
    """How often what the tier promises was kept to this customer, month by month, and by whom."""
    code = 'promises'

    def title(self):
        return self.env._("Promises")

    def build(self):
        sheet = self.add_sheet()
        months = [self.data.today.replace(day=1) - relativedelta(months=count) for count in reversed(range(MONTHS))]
        results = self.env['kam.promise.result'].search(
            [('account_id', '=', self.data.account.id), ('date', '>=', months[0])], order='date, id')
        columns = [
            Column(self.env._("Promise"), 'wrap', width=36),
            Column(self.env._("Kept By"), 'wrap', width=22),
            Column(self.env._("Target (%)"), 'share', width=10),
            *(Column(format_date(self.env, month, date_format='MMM y'), 'share', width=8) for month in months),
            Column(self.env._("Together"), 'share', width=11),
        ]
        rows = self._rows(results, months)
        header = sheet.table(columns, rows, frozen=3, empty=self.env._(
            "No promise was checked for this customer in the last 12 months. A champion writes down on the tier what "
            "it promises."))
        if rows:
            self.note(sheet, self.env._(
                "Red: below the target of the month. Empty: not due, or still to be confirmed by hand."))
            self._insert_chart(sheet, header + len(rows), len(months))

    def _rows(self, results, months):
        """A row for each promise, and one of all together."""
        counts, states, keepers = defaultdict(lambda: [0, 0]), {}, {}
        for result in results:
            states[result.promise_id, result.date] = result.state
            # The latest one.
            keepers[result.promise_id] = result.keeper_id
            for key in ((result.promise_id, result.date), (result.promise_id, None), (None, result.date), (None, None)):
                counts[key][0] += result.kept
                counts[key][1] += result.total
        # What is promised belongs to the result, whoever may read it (sudo).
        promises = sorted(keepers, key=lambda promise: (promise.sudo().sequence, promise.id))
        rows = [[
            self.data.link(promise.sudo().name, 'kam.promise', promise.id), keepers[promise].name,
            promise.sudo().target_percent / 100,
            *(self._cell(counts.get((promise, month)), states.get((promise, month))) for month in months),
            share(*counts[promise, None])] for promise in promises]
        if rows:
            rows.append([
                self.env._("Together"), None, None, *(share(*counts.get((None, month), (0, 0))) for month in months),
                share(*counts[None, None])])
        return rows

    @staticmethod
    def _cell(count, state):
        return Styled(share(*count), KEPT if state == 'kept' else BROKEN) if count and count[1] else None

    def _insert_chart(self, sheet, row, count):
        title = self.env._("Promises kept by month")
        chart = new_chart(self.writer, 'column', title)
        add_series(chart, sheet, title, (3, 3, 3, 2 + count), (row, 3, row, 2 + count), BAND)
        chart.set_legend({'none': True})
        chart.set_y_axis({'min': 0, 'max': 1, 'num_format': '0%', 'line': {'none': True},
                          'major_gridlines': {'visible': True, 'line': {'color': '#E5E7EB', 'width': 0.75}}})
        place_chart(sheet, chart, sheet.row, 0, 820, 260, title)
