from datetime import timedelta

from odoo.tools import SQL, date_utils

from ..tools import array_text
from .pack_section import PackSection
from .xlsx_charts import add_series, horizontal_bars, new_chart, place_chart
from .xlsx_style import GREEN, NEGATIVE, RED
from .xlsx_values import Column

# Words are made for so many accounts; more nobody reads.
MAX_MOVERS = 100
CHARTED = 12
# Points that are shown as none.
NOTHING = 0.05


class MoversSection(PackSection):
    """Whose score moved since the day of comparison, by how much, and why in words."""
    code = 'movers'

    def title(self):
        return self.env._("Movers")

    def build(self):
        sheet = self.add_sheet()
        movers, others = self._movers()
        columns = [
            Column(self.env._("Account"), 'wrap', width=30),
            Column(self.env._("Tier"), 'wrap', width=14),
            Column(self.env._("Account Manager"), 'wrap', width=20),
            Column(self.env._("Compared With"), 'date', width=12),
            Column(self.env._("Score Then"), 'points', width=10),
            Column(self.env._("Score Now"), 'points', width=10),
            Column(self.env._("Movement"), 'trend', width=11),
            Column(self.env._("Why"), 'wrap', width=80),
        ]
        header = sheet.table(columns, movers, empty=self._empty())
        if movers:
            self._mark(sheet, header + 1, header + len(movers))
            if others:
                sheet.put(sheet.row, 0, self.env._("%s more accounts moved by less.", others), 'text', 'note')
                sheet.row += 1
            self._insert_chart(sheet, header + 1, [row[6] for row in movers[:CHARTED]])

    def _empty(self):
        return self.env._(
            "No score moved since then. Movements show once an account has been scored in two months, or on two sides "
            "of the day of comparison.")

    # Figures

    def _movers(self):
        """Rows of the largest movements, the largest first, and how many more there are."""
        score_ids, count = self._moved()
        scores = self.env['kam.score'].browse(score_ids)
        movements = scores._movements(self.data.scope.date_from)
        rows = []
        for score in scores:
            movement = movements[score]
            line = self.data.by_id[movement.account_id]
            rows.append([
                self.data.link(line.name, 'kam.account', line.id), line.tier, line.manager, movement.date_then,
                movement.score_then, movement.score_now, movement.delta, score._movement_text(movement)])
        return rows, count - len(rows)

    def _moved(self):
        """The scores in the pack that moved most since the day of comparison, and how many moved.

        As `kam_scoring.engine.moves` compares them; that also finds the reasons, account by account.
        """
        score_ids = [line.score_id for line in self.data.lines if line.score is not None]
        if not score_ids:
            return [], 0
        self.env['kam.score'].flush_model()
        since = self.data.scope.date_from
        day = SQL("%s::date", since) if since else SQL("date_trunc('month', now.date)::date - 1")
        # The scores are those that the user may read; earlier ones of the same account are as visible.
        rows = self.env.execute_query(SQL(
            """SELECT now.id, COUNT(*) OVER ()
                 FROM kam_score now
           CROSS JOIN LATERAL (
                      SELECT old.score FROM kam_score old
                       WHERE old.account_id = now.account_id AND old.program_id = now.program_id
                         AND old.purpose = now.purpose AND old.coverage > 0 AND old.date <= %(day)s
                         AND old.date < now.date
                    ORDER BY old.date DESC, old.run_id DESC
                       LIMIT 1) before
                WHERE now.id = ANY(%(scores)s::int[]) AND ABS(now.score - before.score) >= %(nothing)s
             ORDER BY ABS(now.score - before.score) DESC, now.id
                LIMIT %(limit)s""",
            day=day, scores=array_text(score_ids), nothing=NOTHING, limit=MAX_MOVERS))
        return [score_id for score_id, _count in rows], rows[0][1] if rows else 0

    def subtitle(self):
        since = self.data.scope.date_from
        if since or not self.data.date:
            return super().subtitle()
        month = date_utils.start_of(self.data.date, 'month') - timedelta(days=1)
        return " · ".join((super().subtitle(), self.env._("compared with %s", self.data.format_date(month))))

    # Looks

    def _mark(self, sheet, first, last):
        sheet.worksheet.conditional_format(first, 6, last, 6, {
            'type': 'data_bar', 'bar_color': '#A9D3B6', 'bar_negative_color': '#EDB9B3', 'bar_solid': True,
            'data_bar_2010': True})
        sheet.worksheet.conditional_format(first, 6, last, 6, {
            'type': 'cell', 'criteria': '<', 'value': 0,
            'format': self.writer.workbook.add_format({'font_color': NEGATIVE})})

    def _insert_chart(self, sheet, first, deltas):
        title = self.env._("Largest movements (points)")
        chart = new_chart(self.writer, 'bar', title)
        last, height = first + len(deltas) - 1, 70 + 24 * len(deltas)
        add_series(
            chart, sheet, title, (first, 0, last, 0), (first, 6, last, 6), GREEN,
            points=[{'fill': {'color': RED if delta < 0 else GREEN}} for delta in deltas],
            data_labels={'value': True, 'num_format': '+0.0;-0.0', 'font': {'size': 9}})
        horizontal_bars(chart)
        place_chart(sheet, chart, sheet.row, 0, 760, height, title)
        sheet.row += height // 20 + 1
