from .pack_section import PackSection
from .xlsx_values import Column

NAMES_MAX = 40


class MovementNamesSection(PackSection):
    """The matrix once more, with the names of those who moved (F79)."""
    code = 'names'

    def title(self):
        return self.env._("Who Moved")

    def subtitle(self):
        return " · ".join((self.data.program.name, self.data.scope_label(), self.data.period_label()))

    def build(self):
        sheet = self.add_sheet()
        tiers = self._tiers()
        columns = [
            Column(self.env._("From \\ To"), 'wrap', width=24),
            *(Column(name, 'wrap', width=26) for _tier_id, name in tiers)]
        rows = []
        for tier_then, name in self.data.rows():
            names = [self._names(tier_then, tier_now) for tier_now, _name in tiers]
            if any(names):
                rows.append([name, *names])
        sheet.table(columns, rows, empty=self.env._("Nobody moved in this period."), valign='top')

    def _tiers(self):
        """Those that somebody moved into."""
        entered = {now for then, now in self.data.matrix if then != now}
        return [(tier_id, name) for tier_id, name in self.data.tiers.items() if tier_id in entered]

    def _names(self, tier_then, tier_now):
        if tier_then == tier_now:
            return ''
        names = sorted(movement.name for movement in self.data.matrix.get((tier_then, tier_now), ()))
        more = len(names) - NAMES_MAX
        return "\n".join([*names[:NAMES_MAX], *([self.env._("… and %s more", more)] if more > 0 else [])])
