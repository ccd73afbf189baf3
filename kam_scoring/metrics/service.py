"""What the customer gets from us, and what it thinks of it. Each metric where the app that knows is installed."""
from datetime import timedelta

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .base import Scope, metric

_lt = LazyTranslate(__name__)


def _contacts(scope):
    """Select of (account_id, id) of all contacts (res.partner) of the entities of active accounts."""
    return SQL(
        """SELECT account.id AS account_id, contact.id
             FROM kam_account account
             JOIN kam_account_entity entity ON entity.account_id = account.id
             JOIN res_partner contact ON contact.commercial_partner_id = entity.partner_id
            WHERE %s""", scope.accounts)


def _first(scope):
    """Moments of the window: first <= moment < end."""
    return scope.date_from + timedelta(days=1)


def _end(scope):
    return scope.date + timedelta(days=1)


def _of_account(account):
    return ('partner_id.commercial_partner_id', 'in', Scope.partner_ids(account))


def _documents_of_ratings(scope, account):
    return 'rating.rating', [
        _of_account(account), ('consumed', '=', True), ('rating', '>=', 1),
        ('rated_on', '>=', _first(scope)), ('rated_on', '<', _end(scope))]


@metric('rating', label=_lt("Rating by the Customer (1 to 5)"), unit='count', zero=1, full=5,
        documents=_documents_of_ratings, requires=('rating',),
        help=_lt("Average of the ratings that people of the customer gave in the last 12 months, from 1 to 5."))
def rating(scope):
    """Average of rating (1 to 5) of the ratings given (consumed) by contacts of all entities in the window.

    Each rating counts once, whoever gave it. Ratings belong to no company: all count. No value without a rating.
    Source: S104 "feedback"; Odoo's own rating average.
    """
    return SQL(
        """SELECT contact.account_id, AVG(rating.rating)::float8 AS value
             FROM (%(contacts)s) contact
             JOIN rating_rating rating ON rating.partner_id = contact.id AND rating.consumed AND rating.rating >= 1
                  AND rating.rated_on >= %(first)s AND rating.rated_on < %(end)s
         GROUP BY contact.account_id""", contacts=_contacts(scope), first=_first(scope), end=_end(scope))


def _documents_of_surveys(scope, account):
    return 'survey.user_input', [
        _of_account(account), ('state', '=', 'done'), ('test_entry', '=', False),
        ('survey_id.scoring_type', '!=', 'no_scoring'),
        ('end_datetime', '>=', _first(scope)), ('end_datetime', '<', _end(scope))]


@metric('survey_score', label=_lt("Survey Score"), unit='percent', zero=0, full=100,
        documents=_documents_of_surveys, requires=('survey',),
        help=_lt("Average score of the scored surveys that people of the customer completed in the last 12 months."))
def survey_score(scope):
    """Average of scoring_percentage of completed entries of scored surveys by contacts of all entities in the window.

    Without test entries. Every scored survey counts, a certification too. No value without an entry. Source: S104
    "feedback"; customer satisfaction surveys.
    """
    return SQL(
        """SELECT contact.account_id, AVG(entry.scoring_percentage)::float8 AS value
             FROM (%(contacts)s) contact
             JOIN survey_user_input entry ON entry.partner_id = contact.id AND entry.state = 'done'
                  AND entry.test_entry IS NOT TRUE
                  AND entry.end_datetime >= %(first)s AND entry.end_datetime < %(end)s
             JOIN survey_survey survey ON survey.id = entry.survey_id AND survey.scoring_type <> 'no_scoring'
         GROUP BY contact.account_id""", contacts=_contacts(scope), first=_first(scope), end=_end(scope))


def _documents_of_deliveries(scope, account):
    return 'stock.picking', [
        _of_account(account), ('picking_type_id.code', '=', 'outgoing'), ('state', '=', 'done'),
        ('company_id', 'in', list(scope.company_ids)), ('date_deadline', '!=', False),
        ('date_done', '>=', _first(scope)), ('date_done', '<', _end(scope))]


@metric('on_time_delivery', label=_lt("Deliveries on Time"), unit='percent', zero=70, full=100,
        documents=_documents_of_deliveries, requires=('stock',),
        help=_lt("Part of the deliveries of the last 12 months that left on the promised day or before."))
def on_time_delivery(scope):
    """100 * in time / all, over done outgoing transfers to contacts of all entities in the window.

    In time: the day of date_done <= that of date_deadline, both in UTC. Transfers without deadline are left out: their
    scheduled date is moved to the day of the transfer when they are done, so it promises nothing. No value without a
    transfer. Source: S33 "deliver value (quality, cost, on time)"; on-time delivery (OTD) as logistics measures it.
    """
    return SQL(
        """SELECT contact.account_id,
                  100.0::float8 * COUNT(*) FILTER (WHERE picking.date_done::date <= picking.date_deadline::date)
                  / COUNT(*) AS value
             FROM (%(contacts)s) contact
             JOIN stock_picking picking ON picking.partner_id = contact.id AND picking.state = 'done'
                  AND picking.company_id = ANY(%(companies)s) AND picking.date_deadline IS NOT NULL
                  AND picking.date_done >= %(first)s AND picking.date_done < %(end)s
             JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
         GROUP BY contact.account_id""",
        contacts=_contacts(scope), companies=list(scope.company_ids), first=_first(scope), end=_end(scope))


def _documents_of_tasks(scope, account):
    return 'project.task', [
        _of_account(account), ('company_id', 'in', [*scope.company_ids, False]), ('is_template', '=', False),
        ('create_date', '<', _end(scope)), ('date_deadline', '<', scope.date),
        ('state', 'not in', ('1_done', '1_canceled'))]


@metric('overdue_tasks', label=_lt("Overdue Project Tasks"), unit='count', zero=5, full=0,
        documents=_documents_of_tasks, requires=('project',),
        help=_lt("Open project tasks for the customer whose deadline has passed: what we have promised and not done."),
        replayable=False)
def overdue_tasks(scope):
    """Number of open tasks of contacts of all entities with a deadline before the as-of date. Lower is better.

    Tasks of the programme's companies or of none, not archived, no templates. 0 where tasks were due in the window and
    all are done; no value without a task that was due. Whether a task is open is known for today only: replayed, tasks
    that have been done since do not count. Community has no helpdesk: this counts what we owe, not what the customer
    complains of. Source: S33 "problem solver".
    """
    return SQL(
        """SELECT contact.account_id,
                  COUNT(*) FILTER (WHERE task.state NOT IN ('1_done', '1_canceled')) AS value
             FROM (%(contacts)s) contact
             JOIN project_task task ON task.partner_id = contact.id AND task.active AND task.is_template IS NOT TRUE
                  AND (task.company_id IS NULL OR task.company_id = ANY(%(companies)s))
                  AND task.create_date < %(end)s AND task.date_deadline < %(date)s
                  AND (task.date_deadline >= %(first)s OR task.state NOT IN ('1_done', '1_canceled'))
         GROUP BY contact.account_id""",
        contacts=_contacts(scope), companies=list(scope.company_ids), first=_first(scope), end=_end(scope),
        date=scope.date)


def _open_issues(scope):
    """Domain of the issues that were open at the end of the as-of date."""
    return ['&', ('date_reported', '<', _end(scope)), '|', ('date_resolved', '=', False),
            ('date_resolved', '>=', _end(scope))]


@metric('open_issues', label=_lt("Open Issues"), unit='count', zero=5, full=0,
        documents=lambda scope, account: ('kam.issue', [('account_id', '=', account.id), *_open_issues(scope)]),
        help=_lt("Problems that the customer has reported and that were not resolved on that day."))
def open_issues(scope):
    """Number of issues reported by the end of the as-of date and not resolved by then. Lower is better.

    0 for an account without open issue; no value for anybody before the programme has its first issue, because nobody
    has written any down. An issue that was opened again counts as never resolved. Source: F56, S37.
    """
    return SQL(
        """SELECT account.id AS account_id, COUNT(issue.id) AS value
             FROM kam_account account
        LEFT JOIN kam_issue issue ON issue.account_id = account.id AND issue.date_reported < %(end)s
                  AND (issue.date_resolved IS NULL OR issue.date_resolved >= %(end)s)
            WHERE %(accounts)s AND EXISTS (
                  SELECT FROM kam_issue known WHERE known.program_id = %(program)s AND known.date_reported < %(end)s)
         GROUP BY account.id""",
        accounts=scope.accounts, end=_end(scope), program=scope.program.id)
