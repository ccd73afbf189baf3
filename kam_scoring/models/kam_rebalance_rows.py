import json

from odoo import api, models
from odoo.tools import SQL


class KamRebalanceRows(models.AbstractModel):
    """Many rows by one statement: an answer has one row per account and scenario."""
    _name = 'kam.rebalance.rows'
    _description = "Rows of a Rebalancing"

    @api.model
    def _insert_rows(self, rows):
        """Raw SQL: computed by the system, without defaults or checks of the ORM.

        :param rows: dictionaries with the same keys, all columns that must not be empty among them
        """
        if not rows:
            return
        names = SQL(", ").join(map(SQL.identifier, rows[0]))
        self.env.cr.execute(SQL(
            """INSERT INTO %(table)s (%(names)s, create_uid, create_date, write_uid, write_date)
               SELECT %(names)s, %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
                 FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s::jsonb)""",
            table=SQL.identifier(self._table), names=names, uid=self.env.uid, rows=json.dumps(rows)))

    @api.model
    def _update_rows(self, rows):
        """Raw SQL as above, of existing rows.

        :param rows: dictionaries with the same keys, `id` among them
        """
        if not rows:
            return
        names = [SQL.identifier(name) for name in rows[0] if name != 'id']
        self.env.cr.execute(SQL(
            """UPDATE %(table)s present SET %(values)s, write_uid = %(uid)s, write_date = NOW() AT TIME ZONE 'UTC'
                 FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s::jsonb) fresh WHERE fresh.id = present.id""",
            table=SQL.identifier(self._table), uid=self.env.uid, rows=json.dumps(rows),
            values=SQL(", ").join(SQL("%s = fresh.%s", name, name) for name in names)))
        self.browse(row['id'] for row in rows).invalidate_recordset(flush=False)
