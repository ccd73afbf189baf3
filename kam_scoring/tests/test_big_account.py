from odoo.tests import tagged
from odoo.tools import SQL

from .common import AS_OF, ScoringCase

COPIES = 100_000


@tagged('post_install', '-at_install')
class TestBigAccount(ScoringCase):

    def copies(self, table, record, **changed):
        """Copies of one row, with other values (SQL of `number`) in some columns; ids in the order of the numbers."""
        columns = [name for name, in self.env.execute_query(SQL(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id' "
            "AND is_generated = 'NEVER'", table))]
        values = [changed.get(name, SQL("original.%s", SQL.identifier(name))) for name in columns]
        self.env.cr.execute(SQL(
            """INSERT INTO %(table)s (%(columns)s) SELECT %(values)s
                 FROM %(table)s original CROSS JOIN generate_series(1, %(copies)s) number
                WHERE original.id = %(id)s ORDER BY number RETURNING id""",
            table=SQL.identifier(table), columns=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(values), copies=COPIES, id=record.id))
        return [row[0] for row in self.env.cr.fetchall()]

    def test_account_with_100_000_invoices(self):
        """One customer with very many documents costs no more statements, and its figures are exact."""
        self.publish_model(criteria=[('revenue', 10, 'linear', 0, 1e6), ('margin', 10, 'linear', 0, 100)])
        invoice = self.invoice(self.beta_partner, '2024-01-10', 7)
        self.env.flush_all()
        moves = self.copies('account_move', invoice, name=SQL("'BIG/' || number"))
        self.copies('account_move_line', invoice.invoice_line_ids,
                    move_id=SQL("(%s::int[])[number]", moves))
        self.env.invalidate_all()
        statements = self.statements(lambda: self.env['kam.score.run']._score_program(self.program, AS_OF))
        self.env['kam.score.run'].search([('program_id', '=', self.program.id)], limit=1)._follow_up()
        self.env.invalidate_all()
        values = {line.metric: line.value for line in self.beta.score_line_ids}
        self.assertEqual(values, {
            # a credit note of 250 in the window, 7 of the original, and cost 60 each
            'revenue': 7 * (COPIES + 1) - 250,
            'margin': values['margin']})
        self.assertAlmostEqual(
            values['margin'], 100 * (1 - 60 * COPIES / (7 * (COPIES + 1) - 250)), 6)
        self.assertLess(statements, 60)
