from ast import literal_eval

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class KamPromise(models.Model):
    """How promises are checked: one statement for all accounts of a tier and a month, whatever their number."""
    _inherit = 'kam.promise'

    @api.model
    def _cron_measure(self):
        """This month as it stands, last month for good; then keepers hear of what was broken."""
        this_month = fields.Date.context_today(self).replace(day=1)
        for promise in self.search([('tier_id', '!=', False)]):
            for month in (this_month - relativedelta(months=1), this_month):
                promise._measure(month)
        self._follow_keepers(this_month - relativedelta(months=1), this_month)
        return self.env['kam.promise.result']._tell_keepers()

    def _measure(self, month):
        """Write the results of the month. Again changes nothing but what has changed.

        An account that has come to the tier since was promised something else then, and has the results of that.

        Raw SQL: results are figures that nobody edits, for all accounts at once, and have no history of their own.

        :param date month: its first day
        """
        self.ensure_one()
        self.env.flush_all()
        counts = self._counts(month)
        if counts is None:
            return
        self.env.cr.execute(SQL(
            """INSERT INTO kam_promise_result AS result
                      (promise_id, account_id, program_id, tier_id, role_id, keeper_id, "check", date, total, kept,
                       broken, rate, state, create_uid, write_uid, create_date, write_date)
               SELECT %(promise)s, account.id, account.program_id, account.tier_id, %(role)s,
                      COALESCE(seat.user_id, account.manager_id), %(check)s, %(month)s, counted.total, counted.kept,
                      counted.total - counted.kept,
                      CASE WHEN counted.total > 0 THEN 100.0 * counted.kept / counted.total ELSE 0 END,
                      CASE WHEN counted.total = 0 THEN 'open'
                           WHEN 100.0 * counted.kept >= %(target)s * counted.total THEN 'kept' ELSE 'broken' END,
                      %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                 FROM (%(counts)s) counted
                 JOIN kam_account account ON account.id = counted.account_id
                                         AND account.tier_id = %(tier)s AND account.active
            LEFT JOIN LATERAL (
                      SELECT user_id FROM kam_assignment
                       WHERE account_id = account.id AND role_id = %(role)s AND is_current
                    ORDER BY id LIMIT 1) seat ON TRUE
                WHERE NOT EXISTS (
                      SELECT FROM kam_tier_change change
                       WHERE change.account_id = account.id AND change.state = 'applied'
                         AND change.from_tier_id != change.to_tier_id AND change.date_applied >= %(after)s)
          ON CONFLICT (promise_id, account_id, date) DO UPDATE
                  SET total = EXCLUDED.total, kept = EXCLUDED.kept, broken = EXCLUDED.broken, rate = EXCLUDED.rate,
                      state = EXCLUDED.state, write_date = EXCLUDED.write_date
                WHERE result."check" != 'manual' AND result.date_told IS NULL
                  AND (result.total, result.kept, result.state)
                      IS DISTINCT FROM (EXCLUDED.total, EXCLUDED.kept, EXCLUDED.state)""",
            promise=self.id, role=self.role_id.id, check=self.check, month=month,
            after=month + relativedelta(months=1), target=self.target_percent,
            uid=self.env.uid, counts=counts, tier=self.tier_id.id))
        self.env['kam.promise.result'].invalidate_model()

    @api.model
    def _follow_keepers(self, last_month, this_month):
        """Whoever holds the seat now confirms what is open, and hears of what was broken.

        Raw SQL: a night may move as many as there are accounts, and results have no history of their own.
        """
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """UPDATE kam_promise_result result SET keeper_id = present.keeper
                 FROM (SELECT told.id, COALESCE(seat.user_id, account.manager_id) AS keeper
                         FROM kam_promise_result told
                         JOIN kam_account account ON account.id = told.account_id
                    LEFT JOIN LATERAL (
                              SELECT user_id FROM kam_assignment
                               WHERE account_id = account.id AND role_id = told.role_id AND is_current
                            ORDER BY id LIMIT 1) seat ON TRUE
                        WHERE told.date_told IS NULL AND (
                              told.date = %s OR told.date = %s AND told.state != 'kept')) present
                WHERE present.id = result.id AND present.keeper IS NOT NULL
                  AND result.keeper_id IS DISTINCT FROM present.keeper""", this_month, last_month))
        self.env['kam.promise.result'].invalidate_model(['keeper_id'])

    def _counts(self, month):
        """SQL select of (account_id, total, kept) for the month; None where nothing can be said."""
        after = month + relativedelta(months=1)
        return {
            'issue_response': lambda: self._issue_counts('date_response_due', 'date_responded', month, after),
            'issue_resolution': lambda: self._issue_counts('date_resolution_due', 'date_resolved', month, after),
            'visit': lambda: self._visit_counts(month),
            'delivery': lambda: self._delivery_counts(month, after),
            'filter': lambda: self._filter_counts(month, after),
            'manual': lambda: SQL("SELECT id AS account_id, 0 AS total, 0 AS kept FROM kam_account"),
        }[self.check]()

    def _issue_counts(self, due, done, month, after):
        """Of the issues due in the month those done in time, or late; what is still in time does not count yet.

        What waits for the customer is in time for as long as it waits, unless it was late before.
        """
        due, done, now = SQL.identifier(due), SQL.identifier(done), fields.Datetime.now()
        return SQL(
            """SELECT account_id, COUNT(*) AS total, COUNT(*) FILTER (WHERE %(done)s <= %(due)s) AS kept
                 FROM kam_issue
                WHERE account_id IS NOT NULL AND %(due)s >= %(month)s AND %(due)s < %(after)s
                  AND (%(done)s IS NOT NULL OR %(due)s < COALESCE(date_waiting, %(now)s))
             GROUP BY account_id""", due=due, done=done, month=month, after=after, now=now)

    def _visit_counts(self, month):
        """On the last day that was looked at nobody's visit was overdue. The past cannot be asked any more."""
        if month != fields.Date.context_today(self).replace(day=1):
            return None
        Account = self.env['kam.account']
        Account._flush_visits()
        return SQL(
            """SELECT visit.id AS account_id, 1 AS total,
                      CASE WHEN LEAST(visit.manager_due, visit.sponsor_due) < %s THEN 0 ELSE 1 END AS kept
                 FROM (%s) visit
                WHERE visit.manager_due IS NOT NULL OR visit.sponsor_due IS NOT NULL""",
            fields.Date.context_today(self), Account._visits_sql(SQL("account.tier_id = %s", self.tier_id.id)))

    def _delivery_counts(self, month, after):
        """Of the deliveries due in the month those that left on the promised day or before, as the metric counts them.

        What has not left after that day is broken too: an order that nobody ships must not look like a kept promise.
        """
        if 'stock.picking' not in self.env:
            return None
        return SQL(
            """SELECT entity.account_id, COUNT(*) AS total,
                      COUNT(*) FILTER (WHERE picking.state = 'done'
                                         AND picking.date_done::date <= picking.date_deadline::date) AS kept
                 FROM stock_picking picking
                 JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
                 JOIN res_partner partner ON partner.id = picking.partner_id
                 JOIN kam_account_entity entity ON entity.partner_id = partner.commercial_partner_id
                                               AND entity.program_id = %s
                 JOIN kam_program_company_rel covered ON covered.program_id = entity.program_id
                                                     AND covered.company_id = picking.company_id
                WHERE picking.date_deadline >= %s AND picking.date_deadline < %s
                  AND (picking.state = 'done'
                       OR picking.state NOT IN ('draft', 'cancel') AND picking.date_deadline::date < %s)
             GROUP BY entity.account_id""", self.program_id.id, month, after, fields.Datetime.now().date())

    def _filter_counts(self, month, after):
        """Records of the month that the first filter finds, and those of them that the second one finds.

        As OdooBot, because figures are those of the company; who may define promises are the champions. Documents of
        companies outside of the programme do not count.
        """
        Model = self.env[self.model_id.model].sudo()
        day = self.date_field_id.name
        due = Domain(literal_eval(self.due_domain or '[]')) & Domain(day, '>=', month) & Domain(day, '<', after)
        if 'company_id' in Model._fields and Model._fields['company_id'].store:
            due &= Domain('company_id', 'in', [False, *self.program_id.sudo().company_ids.ids])
        kept = due & Domain(literal_eval(self.kept_domain or '[]'))
        parts = [Model.with_context(active_test=False)._search(domain).select(
            SQL.identifier(Model._table, self.partner_field_id.name), SQL("%s", flag))
            for domain, flag in ((due, 0), (kept, 1))]
        records = SQL(
            "SELECT customer, COUNT(*) FILTER (WHERE kept = 0) AS total, COUNT(*) FILTER (WHERE kept = 1) AS kept"
            " FROM ((%s) UNION ALL (%s)) found(customer, kept) WHERE customer IS NOT NULL GROUP BY customer", *parts)
        if self.partner_field_id.relation == 'kam.account':
            return SQL("SELECT customer AS account_id, total, kept FROM (%s) counted", records)
        return SQL(
            """SELECT entity.account_id, SUM(counted.total) AS total, SUM(counted.kept) AS kept
                 FROM (%s) counted
                 JOIN res_partner partner ON partner.id = counted.customer
                 JOIN kam_account_entity entity ON entity.partner_id = partner.commercial_partner_id
                                               AND entity.program_id = %s
             GROUP BY entity.account_id""", records, self.program_id.id)
