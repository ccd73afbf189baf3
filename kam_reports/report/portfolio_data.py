from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date as Date

from odoo import fields
from odoo.tools.misc import format_date

from .pack_figures import TierFigures, mean, share, total, weighted_mean

ACCOUNT_FIELDS = (
    'display_name', 'country_id', 'tier_id', 'is_key', 'manager_id', 'sponsor_id', 'recommended_tier_id',
    'activity_summary', 'activity_type_id', 'activity_date_deadline')
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


class PortfolioData:
    """What a portfolio pack says, read with the rights of the environment's user.

    A fixed number of queries, whatever the number of accounts: names of related records come with the batch, values of
    the criteria in one query.

    :param program: the programme
    :param accounts: the accounts to report, or None for all key accounts of the programme
    """

    def __init__(self, program, accounts=None):
        self.env = program.env
        self.program = program
        self.currency = program.currency_id
        self.is_selection = accounts is not None
        self.today = fields.Date.context_today(program)
        if accounts is None:
            accounts = self.env['kam.account'].search([('program_id', '=', program.id), ('is_key', '=', True)])
        self.lines = self._load_lines(accounts)
        self.by_id = {line.id: line for line in self.lines}
        self.changes = self._load_changes()
        self.revenue_by_tier = self._load_revenue_by_tier()

    # Texts

    def format_date(self, date):
        return format_date(self.env, date)

    def scope_label(self):
        if self.is_selection:
            return self.env._("%s selected accounts", len(self.lines))
        if self.sees_all:
            return self.env._("all key accounts")
        return self.env._("key accounts visible to %s", self.env.user.name)

    @property
    def sees_all(self):
        """Whether the rights of the user cover every account of the programme."""
        user = self.env.user
        return self.env.su or user.has_group('kam_management.group_kam_executive') or user.has_group(
            'kam_management.group_kam_champion')

    # Records

    def _select(self, model, domain, names):
        """Rows of raw values, within the record rules of the user.

        Not `read`: that gives 0 where a figure is not known, and to a reader these are two things.
        """
        records = self.env[model].with_context(active_test=False)
        query = records._search(domain)
        return self.env.execute_query(query.select(
            *(records._field_to_sql(records._table, name, query) for name in names)))

    def _load_lines(self, accounts):
        in_accounts = [
            ('account_id', 'in', accounts.ids), ('is_current', '=', True), ('purpose', '=', 'selection')]
        scores = {
            account_id: figures for account_id, *figures in self._select(
                'kam.score', in_accounts, ['account_id', 'id', 'score', 'coverage', 'date'])}
        trends = dict(self._select('kam.account', [('id', 'in', accounts.ids)], ['id', 'score_trend']))
        values = self._load_values([figures[0] for figures in scores.values()])
        self.date = max((figures[-1] for figures in scores.values()), default=None)
        lines = [
            self._line(row, scores.get(row['id']), trends.get(row['id']), values)
            for row in accounts.read(ACCOUNT_FIELDS)]
        rank = {tier.id: index for index, tier in enumerate(self.program.tier_ids.sorted('sequence'))}
        # As an executive reads it: best tier first, in it the largest customer first.
        lines.sort(key=lambda line: (rank.get(line.tier_id, len(rank)), -(line.revenue or 0), line.name))
        return lines

    def _load_values(self, score_ids):
        """{score: {metric: value}} of the criteria that have data; of two criteria on one metric the first."""
        values = defaultdict(dict)
        for score_id, metric, value in self._select(
                'kam.score.line', [('score_id', 'in', score_ids)], ['score_id', 'metric', 'value']):
            if value is not None:
                values[score_id].setdefault(metric, value)
        return values

    @staticmethod
    def _line(row, figures, trend, values):
        def name(field_name):
            return row[field_name][1] if row[field_name] else ''

        score_id, score, coverage, __ = figures or (None, None, None, None)
        return AccountLine(
            id=row['id'],
            name=row['display_name'] or '',
            country=name('country_id'),
            tier_id=row['tier_id'][0],
            tier=name('tier_id'),
            is_key=row['is_key'],
            manager=name('manager_id'),
            sponsor=name('sponsor_id'),
            # Without any data there is no score, and none to compare with.
            score=score if coverage else None,
            trend=trend if coverage else None,
            coverage=coverage / 100 if coverage is not None else None,
            recommended=name('recommended_tier_id'),
            next_step=row['activity_summary'] or name('activity_type_id'),
            next_date=row['activity_date_deadline'] or None,
            values=values.get(score_id, {}),
        )

    def _load_changes(self):
        """Open tier changes, as `read` gives them: names come also where the account itself is out of sight."""
        domain = [('program_id', '=', self.program.id), ('is_open', '=', True)]
        if self.is_selection:
            domain.append(('account_id', 'in', list(self.by_id)))
        return self.env['kam.tier.change'].search(domain, order='kind, id').read(CHANGE_FIELDS)

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
