"""Reads the tables of the demo company, and names its records."""
import csv
from functools import cache

from odoo.tools.misc import file_open

MODULE = 'kam_management'


@cache
def _rows(addon, name):
    with file_open(f'{addon}/demo/tables/{name}.csv') as table:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(table)]


def rows(name, addon=MODULE):
    """The rows of a table as dictionaries of text; an empty cell is None."""
    return [dict(row) for row in _rows(addon, name)]


def xml_id(kind, name):
    return f'{MODULE}.demo_{kind}_{name}'


def record(env, kind, name):
    return env.ref(xml_id(kind, name))


def create(model, kind, values):
    """Create records in one go and give them external ids.

    :param dict values: field values by the name of the row, in the order of creation
    :return dict: record by the name of the row
    """
    records = model.create(list(values.values()))
    model.env['ir.model.data']._update_xmlids([
        {'xml_id': xml_id(kind, name), 'record': created, 'noupdate': True}
        for name, created in zip(values, records, strict=True)
    ])
    return dict(zip(values, records, strict=True))
