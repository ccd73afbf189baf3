from functools import cached_property

from odoo import fields
from odoo.tools.misc import format_date

from .xlsx_values import Link


class PackData:
    """What a pack says, read with the rights and in the language of the environment's user.

    Sections ask it for figures; what one section alone needs, that section loads.

    :param scope: PackScope
    :param title: name of the pack, in the user's language
    """
    # Whether scores are among its figures.
    has_scores = True
    # Whether amounts of money are.
    has_amounts = True

    def __init__(self, scope, title):
        self.scope = scope
        self.title = title
        self.program = scope.program
        self.env = scope.program.env
        self.currency = scope.program.currency_id
        self.today = fields.Date.context_today(scope.program)
        # Day of the newest scores in the pack and their model, where it has scores.
        self.date = None
        self.model = self.env['kam.scoring.model']
        # Texts that open records: not in long packs, where each would take memory.
        self.has_links = True

    @property
    def row_count(self):
        """Rows of the longest sheet, roughly: long packs are written through a temporary file."""
        return 0

    # Texts

    def format_date(self, date):
        return format_date(self.env, date) if date else ''

    def subject(self):
        """Whom or what the pack is about, for its file name and its cover."""
        return self.program.name

    def scope_label(self):
        """Which accounts it covers."""
        return ''

    def period_label(self):
        """The days it covers; '' where only today counts."""
        return ''

    def cover_facts(self):
        """(label, value, kind) of what comes first on the cover."""
        return []

    @cached_property
    def base_url(self):
        return self.program.get_base_url()

    def link(self, text, model, record_id):
        """A text that opens a record in Odoo."""
        if not (record_id and self.has_links):
            return text
        return Link(text or '', f'{self.base_url}/odoo/{model}/{record_id}')

    def labels(self, model, *names):
        """{field: {code: label}} of selection fields, in the user's language."""
        described = self.env[model].fields_get(names, ['selection'])
        return {name: dict(described[name]['selection']) for name in names}

    # Records

    @property
    def sees_all(self):
        """Whether the rights of the user cover every account of the programme."""
        user = self.env.user
        return self.env.su or user.has_group('kam_management.group_kam_executive') or user.has_group(
            'kam_management.group_kam_champion')

    def names(self, model, ids):
        """{id: name}. They come also where the records are out of sight, as everywhere in Odoo (sudo)."""
        return {record.id: record.display_name for record in self.env[model].sudo().browse(set(ids) - {None})}

    def select(self, model, domain, names, order=None):
        """Rows of raw values, within the record rules of the user.

        Not `read`: that gives 0 where a figure is not known, and to a reader these are two things.
        """
        records = self.env[model].with_context(active_test=False)
        query = records._search(domain, order=order)
        return self.env.execute_query(query.select(
            *(records._field_to_sql(records._table, name, query) for name in names)))
