from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date as Date

from odoo.tools import SQL

from odoo.addons.kam_management.ledger.rates import CUSTOMER_DOCUMENTS

from .pack_data import PackData
from .pack_figures import TierFigures, mean, share, total, weighted_mean

ACCOUNT_FIELDS = (
    'id', 'partner_id', 'country_id', 'tier_id', 'is_key', 'manager_id', 'sponsor_id', 'recommended_tier_id',
    'score_trend', 'health', 'health_coverage', 'health_trend')
CHANGE_FIELDS = (
    'account_id', 'from_tier_id', 'to_tier_id', 'kind', 'origin', 'requester_id', 'state', 'reason', 'evidence',
    'date_submitted', 'create_date', 'score', 'score_coverage', 'score_run_id')


@dataclass(slots=True)
class AccountLine:
    """One account as the pack shows it. What is not known is None."""
    id: int
    name: str
    country: str
    tier_id: int
    tier: str
    is_key: bool
    manager: str
    sponsor: str
    score: float | None
    trend: float | None
    coverage: float | None
    health: float | None
    health_trend: float | None
    score_id: int | None
    recommended: str
    next_step: str
    next_date: Date | None
    values: dict = field(default_factory=dict)  # metric -> value

    @property
    def revenue(self):
        return self.values.get('revenue')

    def percent(self, metric):
        """A metric in percent as the fraction that Excel wants."""
        value = self.values.get(metric)
        return None if value is None else value / 100


class PortfolioData(PackData):
    """What a portfolio pack says: accounts of a programme, one line each.

    A fixed number of queries, whatever the number of accounts: names of related records come with the batch, values of
    the criteria in one query. The accounts are those of the scope, or all key accounts of the programme.
    """

    def __init__(self, scope, title):
        super().__init__(scope, title)
        accounts = self._accounts()
        self.is_selection = scope.accounts is not None or scope.executive is not None or bool(scope.companies)
        self.lines = self._load_lines(accounts)
        self.by_id = {line.id: line for line in self.lines}
        self.changes = self._load_changes()
        self.revenue_by_tier = self._load_revenue_by_tier()

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

    def _load_lines(self, accounts):
        in_accounts = [
            ('account_id', 'in', accounts.ids), ('is_current', '=', True), ('purpose', '=', 'selection')]
        scores = {
            account_id: figures for account_id, *figures in self.select(
                'kam.score', in_accounts, ['account_id', 'id', 'score', 'coverage', 'date', 'run_id'])}
        values = self._load_values([figures[0] for figures in scores.values()])
        steps = self._load_next_steps(accounts)
        self.date, run_id = max((tuple(figures[3:]) for figures in scores.values()), default=(None, False))
        self.model = self.env['kam.score.run'].browse(run_id).model_id
        lines = [
            self._line(row, scores.get(row['id']), values, steps.get(row['id']))
            for row in self._load_accounts(accounts)]
        rank = {tier.id: index for index, tier in enumerate(self.program.tier_ids.sorted('sequence'))}
        # As an executive reads it: best tier first, in it the largest customer first.
        lines.sort(key=lambda line: (rank.get(line.tier_id, len(rank)), -(line.revenue or 0), line.name))
        return lines

    def _load_values(self, score_ids):
        """{score: {metric: value}} of the criteria that have data; of two criteria on one metric the first."""
        values = defaultdict(dict)
        for score_id, metric, value in self.select(
                'kam.score.line', [('score_id', 'in', score_ids)], ['score_id', 'metric', 'value']):
            if value is not None:
                values[score_id].setdefault(metric, value)
        return values

    def _load_accounts(self, accounts):
        """Dictionaries of ACCOUNT_FIELDS with names instead of ids, `name` and `tier`, in the order of the accounts.

        Not `read`: record by record, with caches of everything, it takes as long as the whole file.
        """
        rows = [dict(zip(ACCOUNT_FIELDS, row, strict=True)) for row in self.select(
            'kam.account', [('id', 'in', accounts.ids)], ACCOUNT_FIELDS)]
        customers = self._customer_names(rows)
        for row in rows:
            row.update(name=customers.get(row['partner_id']) or '', tier=row['tier_id'])
        for model, *fields in (('res.country', 'country_id'), ('res.users', 'manager_id', 'sponsor_id'),
                               ('kam.tier', 'tier', 'recommended_tier_id')):
            names = self._names(model, {row[field] for row in rows for field in fields})
            for row in rows:
                row.update((field, names.get(row[field], '')) for field in fields)
        by_id = {row['id']: row for row in rows}
        return [by_id[account_id] for account_id in accounts.ids if account_id in by_id]

    def _names(self, model, ids):
        """{id: name}. They come also where the records are out of sight, as everywhere in Odoo (sudo)."""
        return {record.id: record.display_name for record in self.env[model].sudo().browse(ids - {None})}

    def _customer_names(self, rows):
        """{partner: name}: what an account is called, also where contacts are restricted. Raw SQL for their number."""
        self.env['res.partner'].flush_model(['name'])
        return dict(self.env.execute_query(SQL(
            "SELECT id, name FROM res_partner WHERE id = ANY(%s)", [row['partner_id'] for row in rows])))

    def _load_next_steps(self, accounts):
        """{account: (what, day)} of the first activity of each."""
        # Whoever reads an account sees its activities; Odoo would check them one by one (sudo).
        activities = self.env['mail.activity'].sudo()
        query = activities._search(
            [('res_model', '=', 'kam.account'), ('res_id', 'in', accounts.ids)], order='date_deadline desc, id desc')
        rows = self.env.execute_query(query.select(*(
            activities._field_to_sql(activities._table, name, query)
            for name in ('res_id', 'summary', 'activity_type_id', 'date_deadline'))))
        types = self._names('mail.activity.type', {row[2] for row in rows})
        # The later ones first, so that the earliest one stays.
        return {account_id: (summary or types.get(type_id, ''), day) for account_id, summary, type_id, day in rows}

    @staticmethod
    def _line(row, figures, values, step):
        score_id, score, coverage = (figures or (None, None, None))[:3]
        next_step, next_date = step or ('', None)
        return AccountLine(
            id=row['id'],
            name=row['name'],
            country=row['country_id'],
            tier_id=row['tier_id'],
            tier=row['tier'],
            is_key=row['is_key'],
            manager=row['manager_id'],
            sponsor=row['sponsor_id'],
            # Without any data there is no score, and none to compare with.
            score=score if coverage else None,
            trend=row['score_trend'] if coverage else None,
            coverage=coverage / 100 if coverage is not None else None,
            health=row['health'] if row['health_coverage'] else None,
            health_trend=row['health_trend'] if row['health_coverage'] else None,
            score_id=score_id,
            recommended=row['recommended_tier_id'],
            next_step=next_step,
            next_date=next_date,
            values=values.get(score_id, {}),
        )

    def _load_changes(self):
        """Open tier changes as `read` gives them, many2one fields as (id, name), but in a few statements.

        Names come also where the account itself is out of sight.
        """
        domain = [('program_id', '=', self.program.id), ('is_open', '=', True)]
        if self.is_selection:
            domain.append(('account_id', 'in', list(self.by_id)))
        names = ('id', *CHANGE_FIELDS)
        rows = [dict(zip(names, row, strict=True)) for row in self.select(
            'kam.tier.change', domain, names, order='kind, id')]
        known = {line.id: line.name for line in self.lines}
        hidden = {row['account_id'] for row in rows} - known.keys()
        known.update(self._names('kam.account', hidden))
        self._name_field(rows, known, 'account_id')
        for model, *fields in (('kam.tier', 'from_tier_id', 'to_tier_id'), ('res.users', 'requester_id'),
                               ('kam.score.run', 'score_run_id')):
            self._name_field(rows, self._names(model, {row[field] for row in rows for field in fields}), *fields)
        return rows

    @staticmethod
    def _name_field(rows, names, *fields):
        for row in rows:
            row.update((field, row[field] and (row[field], names[row[field]])) for field in fields)

    def _load_revenue_by_tier(self):
        """{tier: revenue} of all accounts of the programme that the user may see."""
        return dict(self.env['kam.score.line']._read_group(
            [('program_id', '=', self.program.id), ('is_current', '=', True), ('purpose', '=', 'selection'),
             ('metric', '=', 'revenue')],
            ['account_id.tier_id'], ['value:sum']))

    # Figures

    def figures(self):
        """Key figures of the accounts in the pack."""
        lines = self.lines
        revenue = total(line.revenue for line in lines)
        return {
            'count': len(lines),
            'revenue': revenue,
            'share': share(revenue, total(self.revenue_by_tier.values())),
            'score': weighted_mean((line.score, line.revenue) for line in lines),
            'coverage': mean(line.coverage for line in lines),
            'unmanaged': sum(not line.manager for line in lines),
            'unsponsored': sum(not line.sponsor for line in lines),
            'changes': len(self.changes),
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
            revenue = {tier.id: value for tier, value in self.revenue_by_tier.items()}
        return [
            TierFigures(tier.name, tier.is_key, counts[tier.id], revenue.get(tier.id))
            for tier in self.program.tier_ids.sorted('sequence') if counts.get(tier.id)
        ]
