"""Reads the tables of the demo company, and names its records."""
import csv
from functools import cache

from odoo.tools.misc import file_open

ADDON = 'kam_management'
# Our own records go when the addon is uninstalled. Customers with their orders and invoices cannot, so they belong to
# no addon, and are there when it comes back.
OWN_KINDS = ('account', 'tier_change', 'plan')


@cache
def _rows(addon, name):
    with file_open(f'{addon}/demo/tables/{name}.csv') as table:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(table)]


def rows(name, addon=ADDON):
    """The rows of a table as dictionaries of text; an empty cell is None."""
    return [dict(row) for row in _rows(addon, name)]


def xml_id(kind, name):
    return f"{ADDON if kind in OWN_KINDS else 'kam_demo'}.demo_{kind}_{name}"


def record(env, kind, name, raise_if_not_found=True):
    return env.ref(xml_id(kind, name), raise_if_not_found)


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
