class PackSection:
    """One sheet of a pack.

    A new one is a subclass with `build`, in a file of its own, added to the `_sections` of the report. `env` has the
    rights and the language of the reader, `data` is what the report has loaded (PortfolioData), `writer` the file.
    """

    def __init__(self, env, data, writer):
        self.env = env
        self.data = data
        self.writer = writer

    def build(self):
        """Add the sheet to the file."""
        raise NotImplementedError

    def subtitle(self):
        """What the figures of a sheet are about: programme, scope, date and currency."""
        parts = [self.data.program.name, self.data.scope_label()]
        if self.data.date:
            parts.append(self.env._("scores as of %s", self.data.format_date(self.data.date)))
        else:
            parts.append(self.env._("not scored yet"))
        parts.append(self.env._("amounts in %s", self.data.currency.name))
        return " · ".join(parts)
