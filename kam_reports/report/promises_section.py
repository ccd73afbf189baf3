from .pack_figures import share
from .service_section import ServiceSection
from .xlsx_charts import add_series, horizontal_bars, new_chart, place_chart
from .xlsx_style import BAND, NEGATIVE, PALE, RED
from .xlsx_values import Column, Formula

# The latest broken ones; more nobody reads.
MAX_BROKEN = 200
WIDTHS = (52, 36, 22, 20, 11, 11, 11, 13, 14)
RATE = 'IF(E{row}=0,"",F{row}/E{row})'


class PromisesSection(ServiceSection):
    """What the tiers promise, how often it was kept for whom, who keeps it, and what was broken (N3)."""
    code = 'promises'

    def title(self):
        return self.env._("Promises")

    def since_text(self):
        # Results are those of whole months.
        return self.env._("since %s", self.month(self.since))

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(*WIDTHS)
        pairs = self._pairs()
        promises = self._promises({promise for _account, promise in pairs})
        sheet.tiles(self._tiles(pairs), 8)
        self._write_promises(sheet, pairs, promises)
        self._write_accounts(sheet, pairs, promises)
        self._write_broken(sheet, promises)

    # Figures

    @property
    def _in_period(self):
        return [self.data.among_accounts(), ('date', '>=', self.since.replace(day=1))]

    def _pairs(self):
        """{(account, promise): (due, kept, [keepers], months broken)} of the period, where a promise was due."""
        results = self.env['kam.promise.result']
        broken = {
            (account.id, promise.id): count for account, promise, count in results._read_group(
                [*self._in_period, ('state', '=', 'broken')], ['account_id', 'promise_id'], ['__count'])}
        return {
            (account.id, promise.id): (due, kept, [keeper for keeper in keepers if keeper],
                                       broken.get((account.id, promise.id), 0))
            for account, promise, due, kept, keepers in results._read_group(
                [*self._in_period, ('total', '>', 0)], ['account_id', 'promise_id'],
                ['total:sum', 'kept:sum', 'keeper_id:array_agg_distinct'])}

    def _promises(self, ids):
        """{promise: (name, role, tier, check, target)} in the order of tiers and promises."""
        return {promise_id: values for promise_id, *values in self.data.select(
            'kam.promise', [('id', 'in', list(ids))], ['id', 'name', 'role_id', 'tier_id', 'check', 'target_percent'],
            order='tier_id, sequence, id')}

    def _tiles(self, pairs):
        """(label, value, kind, note)"""
        due = sum(pair[0] for pair in pairs.values())
        waiting = self.env['kam.promise.result'].search_count([*self._in_period, ('state', '=', 'open')])
        broken = sum(pair[3] for pair in pairs.values())
        return [
            (self.env._("Promises kept"), share(sum(pair[1] for pair in pairs.values()), due), 'percent',
             self.env._("of all times that they were due")),
            (self.env._("Times due"), due, 'integer', self.since_text()),
            (self.env._("Broken"), broken, 'integer', self.env._("months below the target")),
            (self.env._("To confirm"), waiting, 'integer', self.env._("months without an answer")),
        ]

    # By promise

    def _write_promises(self, sheet, pairs, promises):
        roles = self.data.names('kam.role', [role for _name, role, *_others in promises.values()])
        tiers = self.data.names('kam.tier', [tier for _name, _role, tier, *_others in promises.values()])
        checks = self.data.labels('kam.promise', 'check')['check']
        rows, rates = [], []
        for promise_id, (name, role, tier, check, target) in promises.items():
            own = [pair for (_account, promise), pair in pairs.items() if promise == promise_id]
            due, kept = (sum(pair[place] for pair in own) for place in (0, 1))
            rates.append((share(kept, due), target / 100))
            rows.append([
                # Tiers promise the same in the same words.
                self.data.link(f"{name} ({tiers.get(tier)})", 'kam.promise', promise_id), checks.get(check),
                roles.get(role), len(own), due, kept, Formula(RATE, share(kept, due)), target / 100])
        columns = [
            Column(self.env._("Promise"), 'wrap', total='label', width=52),
            Column(self.env._("How It Is Checked"), 'wrap', width=36),
            Column(self.env._("Keeper"), 'wrap', width=22),
            Column(self.env._("Accounts"), 'integer', width=20),
            Column(self.env._("Times Due"), 'integer', total='sum', width=11),
            Column(self.env._("Kept"), 'integer', total='sum', width=11),
            Column(self.env._("Kept (%)"), 'share', width=11, total=Formula(RATE, share(
                sum(pair[1] for pair in pairs.values()), sum(pair[0] for pair in pairs.values())))),
            Column(self.env._("Target (%)"), 'share', width=13),
        ]
        header = sheet.block(columns, rows, total_label=self.env._("Together"), empty=self.env._(
            "No promise was due. A champion writes down on each tier what it promises, and how keeping it is checked."))
        if rows:
            self._insert_chart(sheet, header, rates)

    def _insert_chart(self, sheet, header, rates):
        title, first, last = self.env._("How often promises were kept"), header + 1, header + len(rates)
        chart = new_chart(self.writer, 'bar', title)
        add_series(
            chart, sheet, title, (first, 0, last, 0), (first, 6, last, 6), BAND,
            points=[{'fill': {'color': RED if rate < target else BAND}} for rate, target in rates],
            data_labels={'value': True, 'num_format': '0%', 'font': {'size': 9}})
        horizontal_bars(chart)
        chart.set_x_axis({'visible': False, 'major_gridlines': {'visible': False}, 'min': 0, 'max': 1})
        height = 70 + 24 * len(rates)
        place_chart(sheet, chart, sheet.row, 0, 760, height, title)
        sheet.row += height // 20 + 2

    # By account

    def _account_columns(self):
        """Of both lists: whose promise it is, who keeps it, and how often it was kept."""
        return [
            Column(self.env._("Account"), 'wrap', width=52),
            Column(self.env._("Promise"), 'wrap', width=36),
            Column(self.env._("Kept By"), 'wrap', width=22),
            Column(self.env._("Department"), 'wrap', width=20),
            Column(self.env._("Times Due"), 'integer', width=11),
            Column(self.env._("Kept"), 'integer', width=11),
            Column(self.env._("Kept (%)"), 'share', width=11),
        ]

    def _write_accounts(self, sheet, pairs, promises):
        places = {promise: place for place, promise in enumerate(promises)}
        order = {account: place for place, account in enumerate(self.data.by_id)}
        keepers = self.data.names('res.users', {keeper for pair in pairs.values() for keeper in pair[2]})
        roles = self.data.names('kam.role', [role for _name, role, *_others in promises.values()])
        rows = []
        for account, promise in sorted(pairs, key=lambda pair: (order[pair[0]], places[pair[1]])):
            due, kept, people, broken = pairs[account, promise]
            name, role, *_others = promises[promise]
            rows.append([
                self.account(account), name, ", ".join(keepers[keeper] for keeper in people), roles.get(role), due,
                kept, Formula(RATE, share(kept, due)), broken])
        self.heading(sheet, self.env._("By account"))
        columns = [
            *self._account_columns(),
            Column(self.env._("Months Broken"), 'integer', width=13),
        ]
        header = sheet.block(columns, rows, empty=self.env._("No promise was due at these accounts in the period."))
        self.filter(sheet, header, columns, rows)
        if rows:
            sheet.worksheet.conditional_format(header + 1, 6, header + len(rows), 6, {
                'type': 'data_bar', 'bar_color': PALE, 'bar_solid': True, 'min_type': 'num', 'min_value': 0,
                'max_type': 'num', 'max_value': 1, 'data_bar_2010': True})
            sheet.worksheet.conditional_format(header + 1, 7, header + len(rows), 7, {
                'type': 'cell', 'criteria': '>', 'value': 0,
                'format': self.writer.workbook.add_format({'font_color': NEGATIVE, 'bold': True})})

    # Broken

    def _write_broken(self, sheet, promises):
        rows = self.data.select(
            'kam.promise.result', [*self._in_period, ('state', '=', 'broken')],
            ['id', 'account_id', 'promise_id', 'keeper_id', 'role_id', 'total', 'kept', 'date', 'date_told'],
            order='date desc, rate, id')
        shown = rows[:MAX_BROKEN]
        keepers = self.data.names('res.users', [row[3] for row in shown])
        roles = self.data.names('kam.role', [row[4] for row in shown])
        self.heading(sheet, self.env._("Broken promises, the latest first"))
        columns = [
            *self._account_columns(),
            Column(self.env._("Month"), 'wrap', width=13),
            Column(self.env._("Keeper Told On"), 'date', width=14),
        ]
        sheet.block(columns, [[
            self.account(account), self.data.link(promises[promise][0], 'kam.promise.result', result_id),
            keepers.get(keeper), roles.get(role), due, kept, Formula(RATE, share(kept, due)), self.month(date), told]
            for result_id, account, promise, keeper, role, due, kept, date, told in shown],
            empty=self.env._("No promise was broken in the period."))
        if len(rows) > MAX_BROKEN:
            self.more(sheet, self.env._("%s more were broken before.", len(rows) - MAX_BROKEN))
