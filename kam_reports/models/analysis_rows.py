from odoo.tools import SQL

from .service_rows import ServiceRows

# What a row says; the account and the month name it.
COLUMNS = (
    'program_id', 'currency_id', 'tier_id', 'category', 'manager_id', 'sponsor_id', 'country_id', 'revenue',
    'revenue_costed', 'margin', 'margin_rate', 'score', 'health', 'health_state', 'issues_reported', 'issues_late',
    'promises_due', 'promises_kept', 'promises_rate', 'reviews_held', 'satisfaction')


class AnalysisRows:
    """The rows of `kam.account.analysis` of one programme.

    An account has a row for each month in which it bought, was scored or was served (`ServiceRows`), and for the
    running one; a key account, and one that has changed its tier, for each month since it became a customer or changed.
    Raw SQL throughout: a fixed
    number of statements over all accounts, whatever their number. They run with the rights of nobody; whoever reads
    the rows is bound by record rules.

    :param sales: ledger of the programme (`kam_management.ledger.sales.Sales`) from `first` until `today`
    :param first: first day of the first month
    :param today: the day of the computation, in the running month
    """

    def __init__(self, sales, first, today):
        self.env = sales.env
        self.sales = sales
        self.program = sales.program
        self.first = first
        self.today = today
        self.month = today.replace(day=1)

    def store(self):
        """Make the table say what the records say; return how many rows were written or removed."""
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS kam_staged_analysis"))
        # Thousands of accounts by dozens of months: PostgreSQL knows nothing of the temporary rows and would loop.
        cr.execute(SQL("CREATE TEMPORARY TABLE kam_staged_analysis ON COMMIT DROP AS %s", self._rows()))
        cr.execute(SQL("CREATE UNIQUE INDEX ON kam_staged_analysis (account_id, month)"))
        cr.execute(SQL("ANALYZE kam_staged_analysis"))
        cr.execute(SQL(
            """DELETE FROM kam_account_analysis old
                WHERE old.program_id = %s AND NOT EXISTS (
                      SELECT 1 FROM kam_staged_analysis new
                       WHERE new.account_id = old.account_id AND new.month = old.month)""", self.program.id))
        count = cr.rowcount
        names = [SQL.identifier(name) for name in COLUMNS]
        new = SQL(", ").join(SQL("EXCLUDED.%s", name) for name in names)
        columns = SQL(", ").join(names)
        cr.execute(SQL(
            """INSERT INTO kam_account_analysis AS old (account_id, month, %(columns)s)
               SELECT account_id, month, %(columns)s FROM kam_staged_analysis
            ON CONFLICT (account_id, month) DO UPDATE SET (%(columns)s) = ROW(%(new)s)
                  WHERE (%(old)s) IS DISTINCT FROM (%(new)s)""",
            columns=columns, new=new, old=SQL(", ").join(SQL("old.%s", name) for name in names)))
        return count + cr.rowcount

    def _rows(self):
        """Select of (account_id, month, *COLUMNS)."""
        health = self.program.health_model_id
        return SQL(
            """WITH sales AS (%(sales)s), points AS (%(points)s), service AS (%(service)s),
                    months AS (%(months)s), seats AS (%(seats)s), tiers AS (%(tiers)s)
               SELECT row.account_id, row.month, account.program_id, %(currency)s::int AS currency_id,
                      tier.id AS tier_id, %(category)s AS category,
                      CASE WHEN row.is_running THEN account.manager_id ELSE seats.manager_id END AS manager_id,
                      CASE WHEN row.is_running THEN account.sponsor_id ELSE seats.sponsor_id END AS sponsor_id,
                      account.country_id, COALESCE(row.revenue, 0) AS revenue,
                      COALESCE(row.revenue_costed, 0) AS revenue_costed, COALESCE(row.margin, 0) AS margin,
                      (100 * row.margin / NULLIF(row.revenue_costed, 0))::float8 AS margin_rate,
                      row.score, row.health,
                      CASE WHEN row.health >= %(green)s THEN 'green' WHEN row.health >= %(amber)s THEN 'amber'
                           WHEN row.health IS NOT NULL THEN 'red' END AS health_state,
                      row.issues_reported, row.issues_late, row.promises_due, row.promises_kept,
                      (100.0 * row.promises_kept / NULLIF(row.promises_due, 0))::float8 AS promises_rate,
                      row.reviews_held, row.satisfaction
                 FROM months row
                 JOIN kam_account account ON account.id = row.account_id
            LEFT JOIN seats ON seats.account_id = row.account_id AND seats.month = row.month
            LEFT JOIN tiers ON NOT row.is_running AND tiers.account_id = row.account_id
                           AND tiers.date_from <= row.last_day AND tiers.date_until > row.last_day
                 JOIN kam_tier tier ON tier.id = COALESCE(tiers.tier_id, account.tier_id)""",
            sales=self._sales(), points=self._points(), service=self._service(), months=self._months(),
            seats=self._seats(), tiers=self._tiers(), category=self._category(), currency=self.program.currency_id.id,
            green=health.green_from if health else None, amber=health.amber_from if health else None)

    def _sales(self):
        return SQL(
            """SELECT account_id, DATE_TRUNC('month', date)::date AS month, ROUND(SUM(amount), 2) AS revenue,
                      ROUND(SUM(amount) FILTER (WHERE cost IS NOT NULL), 2) AS revenue_costed,
                      ROUND(SUM(amount - cost), 2) AS margin, MAX(date) FILTER (WHERE amount > 0) AS date_last
                 FROM (%s) line
             GROUP BY account_id, DATE_TRUNC('month', date)::date""", self.sales.lines(SQL("TRUE")))

    def _points(self):
        """The last score of each month. Of several runs as of one day the last one counts."""
        return SQL(
            """SELECT account_id, month, MAX(score) FILTER (WHERE purpose = 'selection') AS score,
                      MAX(score) FILTER (WHERE purpose = 'health') AS health
                 FROM (
                   SELECT DISTINCT ON (account_id, purpose, DATE_TRUNC('month', date))
                          account_id, purpose, DATE_TRUNC('month', date)::date AS month, score
                     FROM kam_score
                    WHERE program_id = %(program)s AND (is_snapshot OR is_current) AND coverage > 0
                      AND date >= %(first)s AND date <= %(today)s
                 ORDER BY account_id, purpose, DATE_TRUNC('month', date), date DESC, run_id DESC
               ) last
             GROUP BY account_id, month""", program=self.program.id, first=self.first, today=self.today)

    def _service(self):
        return ServiceRows(self.program, self.first, self.today).rows()

    def _months(self):
        """The account and month of each row, with its figures and the last sale until then."""
        return SQL(
            """SELECT account_id, month, revenue, revenue_costed, margin, score, health, issues_reported, issues_late,
                      promises_due, promises_kept, reviews_held, satisfaction,
                      month = %(month)s AS is_running,
                      LEAST(month + INTERVAL '1 month' - INTERVAL '1 day', %(today)s)::date AS last_day,
                      MAX(date_last) OVER (PARTITION BY account_id ORDER BY month) AS date_last
                 FROM sales
            FULL JOIN points USING (account_id, month)
            FULL JOIN service USING (account_id, month)
            FULL JOIN (%(standing)s) standing USING (account_id, month)""",
            month=self.month, today=self.today, standing=self._standing())

    def _standing(self):
        """The months in which somebody asks where an account stood, although nothing happened."""
        return SQL(
            """SELECT account.id AS account_id, month::date AS month
                 FROM kam_account account
            LEFT JOIN (SELECT account_id, MIN(date_applied) AS date FROM kam_tier_change
                        WHERE program_id = %(program)s AND state = 'applied' GROUP BY account_id
                      ) change ON change.account_id = account.id
           CROSS JOIN LATERAL GENERATE_SERIES(
                      CASE WHEN account.is_key OR change.date IS NOT NULL
                           THEN GREATEST(%(first)s, DATE_TRUNC('month', LEAST(
                                account.date_first_invoice, change.date, %(month)s))::date)
                           ELSE %(month)s END, %(month)s::date, INTERVAL '1 month') month
                WHERE account.program_id = %(program)s AND account.active""",
            program=self.program.id, first=self.first, month=self.month)

    def _seats(self):
        return SQL(
            """SELECT row.account_id, row.month, MAX(seat.user_id) FILTER (WHERE seat.role = 'manager') AS manager_id,
                      MAX(seat.user_id) FILTER (WHERE seat.role = 'sponsor') AS sponsor_id
                 FROM months row
                 JOIN kam_assignment seat ON seat.account_id = row.account_id AND seat.role IN ('manager', 'sponsor')
                      AND seat.date_from <= row.last_day AND COALESCE(seat.date_to, 'infinity') >= row.last_day
             GROUP BY row.account_id, row.month""")

    def _tiers(self):
        """Each tier from one applied change to the next, and the one before the first; [date_from, date_until)."""
        return SQL(
            """SELECT account_id, to_tier_id AS tier_id, date_applied AS date_from,
                      LEAD(date_applied, 1, 'infinity') OVER (PARTITION BY account_id ORDER BY date_applied, id)
                          AS date_until
                 FROM kam_tier_change WHERE program_id = %(program)s AND state = 'applied'
            UNION ALL
               (SELECT DISTINCT ON (account_id) account_id, from_tier_id, '-infinity', date_applied
                  FROM kam_tier_change WHERE program_id = %(program)s AND state = 'applied'
              ORDER BY account_id, date_applied, id)""", program=self.program.id)

    def _category(self):
        """As `kam.account._category`, at the end of the month. Before `first` only the first invoice is known."""
        return SQL(
            """CASE WHEN tier.category IN ('key', 'lost') THEN tier.category
                    WHEN row.is_running THEN account.category
                    WHEN account.date_first_invoice IS NULL OR account.date_first_invoice > row.last_day THEN 'target'
                    WHEN %(days)s > 0
                         AND COALESCE(row.date_last, account.date_first_invoice) < row.last_day - %(days)s THEN 'lost'
                    ELSE 'normal' END""", days=self.program.lost_after_days or 0)
