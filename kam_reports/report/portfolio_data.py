from collections import defaultdict
from dataclasses import dataclass
from datetime import date as Date
from functools import cached_property

from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS
from odoo.addons.kam_scoring.metrics import METRICS, Scope

from ..tools import array_text
from .pack_data import PackData
from .pack_figures import TierFigures, fraction, mean, share, total, weighted_mean
from .program_revenue import program_revenue

# Criteria whose figures the pack shows.
METRICS_SHOWN = ('revenue', 'growth', 'margin', 'collection_rate', 'collection_timeliness')
PIPELINE = 'open_pipeline_weighted'
NO_SCORE = (None, None, None, None, None, frozenset(), *(None for _metric in METRICS_SHOWN))
# Last, next and due: none of them.
NO_VISITS = (None, None, None)


@dataclass(slots=True)
class AccountLine:
    """One account as the pack shows it. What is not known is None; rates and shares are fractions, as Excel wants them.

    :param known: the metrics that have data
    """
    id: int
    name: str
    country: str
    tier_id: int
    tier: str
    recommended: str
    is_key: bool
    is_active: bool
    score_id: int | None
    score: float | None
    trend: float | None
    coverage: float | None
    health: float | None
    health_trend: float | None
    known: frozenset
    revenue: float | None
    growth: float | None
    margin: float | None
    collection_rate: float | None
    days_late: float | None
    pipeline: float | None
    manager: str
    sponsor: str
    last_visit: Date | None
    next_step: str
    next_date: Date | None

    @property
    def margin_amount(self):
        return None if self.margin is None or self.revenue is None else self.margin * self.revenue


class PortfolioData(PackData):
    """What a portfolio pack says: accounts of a programme, one line each.

    A fixed number of queries, whatever the number of accounts, and one flat object for each: `read` would take as long
    as the whole file. The accounts are those of the scope, or all key accounts of the programme.
    """

    def __init__(self, scope, title):
        super().__init__(scope, title)
        self.accounts = self._accounts()
        self.is_selection = scope.accounts is not None or scope.executive is not None or bool(scope.companies)
        self.lines = self._load_lines(self.accounts)
        self.by_id = {line.id: line for line in self.lines}

    @property
    def row_count(self):
        return len(self.lines)

    # Texts

    def subject(self):
        executive = self.scope.executive
        return f"{self.program.name} – {executive.name}" if executive else super().subject()

    def scope_label(self):
        if self.scope.executive:
            return self.env._("accounts sponsored by %s", self.scope.executive.name)
        if self.scope.accounts is not None:
            return self.env._("%s selected accounts", len(self.lines))
        if self.scope.companies:
            return self.env._("key accounts that bought from %s", ", ".join(self.scope.companies.mapped('name')))
        if self.sees_all:
            return self.env._("all key accounts")
        return self.env._("key accounts visible to %s", self.env.user.name)

    def empty_text(self):
        """What a list says that has no accounts."""
        if self.scope.executive:
            return self.env._("%s sponsors no account of this programme.", self.scope.executive.name)
        if self.scope.companies:
            return self.env._("No key account bought from these companies within the last year.")
        return self.env._(
            "There are no key accounts yet. Customers enter through a nomination that a champion approves.")

    def period_label(self):
        since = self.scope.date_from
        return self.env._("compared with %s", self.format_date(since)) if since else ''

    # Records

    def _accounts(self):
        if self.scope.accounts is not None:
            return self._customers_of(self.scope.accounts)
        domain = [('program_id', '=', self.program.id)]
        if self.scope.executive:
            domain.append(('sponsor_id', '=', self.scope.executive.id))
        else:
            domain.append(('is_key', '=', True))
        return self._customers_of(self.env['kam.account'].search(domain))

    def _customers_of(self, accounts):
        """Those that bought from the companies of the scope within a year; all where it names none."""
        companies = self.scope.companies
        if not companies:
            return accounts
        self.env['account.move'].flush_model(
            ['commercial_partner_id', 'company_id', 'state', 'move_type', 'invoice_date'])
        self.env['kam.account.entity'].flush_model(['account_id', 'partner_id'])
        # Raw SQL, past the rules of invoices: only whether there is one of an account that the user sees.
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT entity.account_id
                 FROM kam_account_entity entity
                 JOIN account_move move ON move.commercial_partner_id = entity.partner_id
                WHERE entity.account_id = ANY(%(accounts)s) AND move.company_id = ANY(%(companies)s)
                  AND move.state = 'posted' AND move.move_type IN %(types)s
                  AND move.invoice_date > %(today)s::date - INTERVAL '1 year' AND move.invoice_date <= %(today)s""",
            accounts=accounts.ids, companies=companies.ids, types=CUSTOMER_DOCUMENTS, today=self.today))
        return accounts.browse(account_id for account_id, in rows)

    @cached_property
    def account_ids(self):
        """SQL: the ids of the accounts of the pack, as an array. Twenty statements ask for them."""
        return SQL("%s::int[]", array_text(self.accounts.ids))

    def among_accounts(self, name='account_id'):
        """Domain: the field holds an account of the pack."""
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s = ANY(%s)", model._field_to_sql(alias, name, query), self.account_ids))

    def _load_lines(self, accounts):
        scores = self._load_scores(accounts)
        self.date, run_id = max((tuple(score[1:3]) for score in scores.values()), default=(None, False))
        self.model = self.env['kam.score.run'].browse(run_id).model_id
        pipeline = self._load_pipeline(accounts)
        steps = self._load_next_steps(accounts)
        lines = []
        rows = self.select('kam.account', self.among_accounts('id'), (
            'id', 'partner_id', 'country_id', 'tier_id', 'recommended_tier_id', 'is_key', 'active', 'manager_id',
            'sponsor_id', 'score_trend', 'health', 'health_coverage', 'health_trend'))
        names = self._customer_names([row[1] for row in rows])
        countries = self.names('res.country', {row[2] for row in rows})
        tiers = self.names('kam.tier', {tier_id for row in rows for tier_id in row[3:5]})
        users = self.names('res.users', {user_id for row in rows for user_id in row[7:9]})
        for (account_id, partner_id, country_id, tier_id, recommended_id, is_key, is_active, manager_id, sponsor_id,
             trend, health, health_coverage, health_trend) in rows:
            (score_id, _date, _run_id, score, coverage, known, revenue, growth, margin, collection_rate,
             days_late) = scores.get(account_id, NO_SCORE)
            next_step, next_date = steps.get(account_id, ('', None))
            lines.append(AccountLine(
                id=account_id,
                name=names.get(partner_id) or '',
                country=countries.get(country_id, ''),
                tier_id=tier_id,
                tier=tiers.get(tier_id, ''),
                recommended=tiers.get(recommended_id, ''),
                is_key=is_key,
                is_active=is_active,
                score_id=score_id,
                # Without any data there is no score, and none to compare with.
                score=score if coverage else None,
                trend=trend if coverage else None,
                coverage=fraction(coverage),
                health=health if health_coverage else None,
                health_trend=health_trend if health_coverage else None,
                known=known,
                revenue=revenue,
                growth=fraction(growth),
                margin=fraction(margin),
                collection_rate=fraction(collection_rate),
                days_late=days_late,
                pipeline=pipeline.get(account_id),
                manager=users.get(manager_id, ''),
                sponsor=users.get(sponsor_id, ''),
                last_visit=self.visits.get(account_id, NO_VISITS)[0],
                next_step=next_step,
                next_date=next_date,
            ))
        rank = {tier.id: index for index, tier in enumerate(self.program.tier_ids.sorted('sequence'))}
        # As an executive reads it: best tier first, in it the largest customer first.
        lines.sort(key=lambda line: (rank.get(line.tier_id, len(rank)), -(line.revenue or 0), line.name))
        return lines

    def _load_scores(self, accounts):
        """{account: [score record, day, run, score, coverage, metrics with data, *figures of METRICS_SHOWN]}.

        Figures straight from the breakdown: as records of `kam.score.line` they would be a dozen for each account.
        """
        scores = self.env['kam.score']
        query = scores._search([
            self.among_accounts(), ('is_current', '=', True), ('purpose', '=', 'selection')])
        names = ('account_id', 'id', 'date', 'run_id', 'score', 'coverage')
        rows = self.env.execute_query(SQL(
            """SELECT %(names)s, figure.*
                 FROM (%(scores)s) score
           CROSS JOIN LATERAL (
                      SELECT STRING_AGG(metric, ',') FILTER (WHERE value IS NOT NULL) AS known, %(figures)s
                        FROM JSONB_TO_RECORDSET(score.breakdown) AS item (metric text, value float8)) figure""",
            names=SQL(", ").join(SQL.identifier('score', name) for name in names),
            figures=SQL(", ").join(SQL("MAX(value) FILTER (WHERE metric = %s)", metric) for metric in METRICS_SHOWN),
            scores=query.select(*(
                SQL("%s AS %s", scores._field_to_sql(scores._table, name, query), SQL.identifier(name))
                for name in (*names, 'breakdown')))))
        # Most accounts have data for the same criteria: one set for all of them.
        known = {names: frozenset(names.split(',')) if names else frozenset() for names in {row[6] for row in rows}}
        return {account_id: [*figures[:5], known[figures[5]], *figures[6:]] for account_id, *figures in rows}

    def _load_pipeline(self, accounts):
        """{account: weighted revenue of its open opportunities}, as the criterion on them counts."""
        if not accounts:
            return {}
        for model in ('crm.lead', 'kam.account', 'kam.account.entity', 'res.partner'):
            self.env[model].flush_model()
        # Raw SQL past the rules of opportunities: one amount is told, nothing of what they are about.
        scope = Scope.of(self.program, self.today, accounts.ids)
        return {account_id: float(value) for account_id, value in self.env.execute_query(
            METRICS[PIPELINE].select(scope))}

    @cached_property
    def visits(self):
        """{account: (last, next, due)} of the sponsor: straight from the statement behind the fields of the account."""
        accounts = self.accounts
        accounts._flush_visits()
        return {account_id: tuple(days[-3:]) for account_id, *days in self.env.execute_query(
            accounts._visits_sql(SQL("account.id = ANY(%s) AND account.sponsor_id IS NOT NULL", self.account_ids)))}

    def _customer_names(self, partner_ids):
        """{partner: name}: what an account is called, also where contacts are restricted. Raw SQL for their number."""
        self.env['res.partner'].flush_model(['name'])
        return dict(self.env.execute_query(SQL(
            "SELECT id, name FROM res_partner WHERE id = ANY(%s::int[])", array_text(partner_ids))))

    def _load_next_steps(self, accounts):
        """{account: (what, day)} of the first activity of each."""
        # Whoever reads an account sees its activities; Odoo would check them one by one (sudo).
        activities = self.env['mail.activity'].sudo()
        query = activities._search(
            [('res_model', '=', 'kam.account'), self.among_accounts('res_id')], order='date_deadline desc, id desc')
        rows = self.env.execute_query(query.select(*(
            activities._field_to_sql(activities._table, name, query)
            for name in ('res_id', 'summary', 'activity_type_id', 'date_deadline'))))
        types = self.names('mail.activity.type', {row[2] for row in rows})
        # The later ones first, so that the earliest one stays.
        return {account_id: (summary or types.get(type_id, ''), day) for account_id, summary, type_id, day in rows}

    # Tier changes

    def open_changes(self):
        """Domain of the tier changes that wait for somebody."""
        domain = [('program_id', '=', self.program.id), ('is_open', '=', True)]
        if self.is_selection:
            domain.append(self.among_accounts())
        return domain

    @cached_property
    def tier_revenue(self):
        """{id of the tier: Revenue} of the programme, as far as the user may see it."""
        return program_revenue(self)

    # Figures

    def figures(self):
        """Key figures of the accounts in the pack."""
        lines = self.lines
        revenue = total(line.revenue for line in lines)
        return {
            'count': len(lines),
            'revenue': revenue,
            # An account that has left is no part of the programme, also where somebody selects it.
            'share': share(total(line.revenue for line in lines if line.is_active),
                           total(tier.revenue for tier in self.tier_revenue.values())),
            'score': weighted_mean((line.score, line.revenue) for line in lines),
            'coverage': mean(line.coverage for line in lines),
            'unmanaged': sum(not line.manager for line in lines),
            'unsponsored': sum(not line.sponsor for line in lines),
            'changes': self.env['kam.tier.change'].search_count(self.open_changes()),
        }

    def tiers(self):
        """Accounts and revenue per tier: of the whole programme, or of the selected accounts."""
        if self.is_selection:
            counts, revenue = defaultdict(int), defaultdict(list)
            for line in self.lines:
                counts[line.tier_id] += 1
                revenue[line.tier_id].append(line.revenue)
            revenue = {tier_id: total(values) for tier_id, values in revenue.items()}
        else:
            counts = {tier.id: count for tier, count in self.env['kam.account']._read_group(
                [('program_id', '=', self.program.id)], ['tier_id'], ['__count'])}
            revenue = {tier_id: figures.revenue for tier_id, figures in self.tier_revenue.items()}
        return [
            TierFigures(tier.name, tier.is_key, counts[tier.id], revenue.get(tier.id))
            for tier in self.program.tier_ids.sorted('sequence') if counts.get(tier.id)
        ]
