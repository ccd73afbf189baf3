from functools import cached_property

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools.misc import format_date

from .pack_section import PackSection

# Without a day in the scope, figures of a period are those of so many months: as on the account.
MONTHS = 12


class ServiceSection(PackSection):
    """A sheet on how the accounts of a pack are looked after: what happened within a period, and what is open today.

    Several blocks one below the other. Each takes a fixed number of statements, whatever the number of accounts.
    """

    @cached_property
    def since(self):
        """The first day that counts."""
        return self.data.scope.date_from or self.data.today - relativedelta(months=MONTHS)

    def subtitle(self):
        return " · ".join((super().subtitle(), self.since_text()))

    def since_text(self):
        return self.env._("since %s", self.data.format_date(self.since))

    # Records

    def account(self, account_id):
        return self.data.link(self.data.by_id[account_id].name, 'kam.account', account_id)

    def day(self, moment):
        """The day of a moment where the reader is."""
        return moment and fields.Datetime.context_timestamp(self.data.program, moment).date()

    def month(self, date):
        return format_date(self.env, date, date_format='MMM y')

    # Looks

    def filter(self, sheet, header, columns, rows):
        """The buttons of a filter on a block: one on each sheet."""
        if rows:
            sheet.worksheet.autofilter(header, 0, header + len(rows), len(columns) - 1)

    def more(self, sheet, text):
        """Below a list that was cut."""
        sheet.put(sheet.row - 1, 0, text, 'text', 'note')
        sheet.row += 1
