class PackSection:
    """One sheet of a pack.

    A new one is a subclass with `code`, `title` and `build`, in a file of its own, added to the `_sections` of the
    pack. `env` has the rights and the language of the reader, `data` is what the pack has loaded (PackData), `writer`
    the file. To be asked for its title only, it needs neither data nor file.
    """
    code = ''

    def __init__(self, env, data=None, writer=None):
        self.env = env
        self.data = data
        self.writer = writer

    def title(self):
        """Name of the sheet, and of the choice in the dialog."""
        raise NotImplementedError

    def build(self):
        """Add the sheet to the file."""
        raise NotImplementedError

    def add_sheet(self):
        """The sheet with its heading."""
        sheet = self.writer.add_sheet(self.title())
        sheet.heading(self.title(), self.subtitle())
        return sheet

    def heading(self, sheet, text):
        """Above one of several blocks on a sheet."""
        sheet.put(sheet.row, 0, text, 'text', 'heading')
        sheet.row += 1

    def subtitle(self):
        """What the figures of a sheet are about: programme, scope, date and currency."""
        return " · ".join(part for part in (
            self.data.subject(), self.data.scope_label(), self.data.period_label(), self._score_date(),
            self.env._("amounts in %s", self.data.currency.name)) if part)

    def _score_date(self):
        if not self.data.has_scores:
            return ''
        if self.data.date:
            return self.env._("scores as of %s", self.data.format_date(self.data.date))
        return self.env._("not scored yet")
