import logging
import time

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import engine
from ..engine import replay
from ..metrics import METRICS, Scope

_logger = logging.getLogger(__name__)

# What a person may still change before the back-test begins.
SETTINGS = frozenset(('month_count', 'fall_percent'))


class KamScoringBacktest(models.Model):
    """A scoring model tried on the past: what it would have said at past month ends, and what happened then (N2).

    The model is replayed straight from posted invoices and payments by the engine of the runs, one statement per month
    end, into temporary tables (`engine/replay.py`, which defines every figure). Nothing is written to scores, accounts
    or proposals; what people look at is kept here. A back-test belongs to the content that the model had when it was
    computed (`content`): a change of the draft asks for a new one before the draft is published.
    """
    _name = 'kam.scoring.backtest'
    _description = "Back-Test of a Scoring Model"
    _order = 'id desc'

    model_id = fields.Many2one('kam.scoring.model', string="Scoring Model", required=True, index=True,
                               ondelete='cascade', readonly=True)
    program_id = fields.Many2one(related='model_id.program_id', string="Programme", store=True, index=True)
    currency_id = fields.Many2one(related='program_id.currency_id')
    purpose = fields.Selection(related='model_id.purpose')
    model_state = fields.Selection(related='model_id.state', string="State of the Model")
    state = fields.Selection([
        ('draft', "Not Started"),
        ('waiting', "Waiting"),
        ('running', "Running"),
        ('done', "Done"),
        ('failed', "Failed"),
    ], default='draft', required=True, readonly=True, copy=False, index=True)
    month_count = fields.Integer(
        string="Month Ends", default=12, required=True,
        help="So many complete months before today are replayed, each as of its last day. Those that are 6 months old "
             "or more are compared with what followed.")
    fall_percent = fields.Float(
        string="Rise or Fall (%)", default=25, required=True, digits=(16, 1),
        help="By more than this the revenue of the 6 months after has to differ from that of the 6 months before, to "
             "call a good rating false, or a low one.")
    date = fields.Date(string="As of", readonly=True, copy=False, help="Who would change today was asked on this day.")
    date_start = fields.Datetime(string="Started", readonly=True, copy=False)
    duration = fields.Float(string="Seconds", digits=(16, 2), readonly=True, copy=False)
    user_id = fields.Many2one('res.users', string="Asked by", readonly=True, copy=False)
    message = fields.Text(readonly=True, copy=False)
    limits = fields.Text(string="What Was Not Replayed", readonly=True, copy=False)
    content = fields.Char(readonly=True, copy=False, help="Stands for the numbers of the model that were tried.")
    is_up_to_date = fields.Boolean(
        compute='_compute_is_up_to_date', string="Of the Present Numbers",
        help="The model still has exactly the criteria, weights, bands, gates and limits that were tried.")
    month_ids = fields.One2many('kam.scoring.backtest.month', 'backtest_id', string="Months")
    transition_ids = fields.One2many('kam.scoring.backtest.transition', 'backtest_id', string="Changes")
    look_ids = fields.One2many('kam.scoring.backtest.look', 'backtest_id', string="Looked At")
    change_ids = fields.One2many(
        'kam.scoring.backtest.account', 'backtest_id', string="Who Would Change", domain=[('kind', '=', 'change')])
    swing_ids = fields.One2many(
        'kam.scoring.backtest.account', 'backtest_id', string="Who Swings", domain=[('kind', '=', 'swing')])
    false_green_ids = fields.One2many(
        'kam.scoring.backtest.account', 'backtest_id', string="False Greens", domain=[('kind', '=', 'false_green')])
    false_red_ids = fields.One2many(
        'kam.scoring.backtest.account', 'backtest_id', string="False Reds", domain=[('kind', '=', 'false_red')])

    # Headline figures; see engine/replay.py for the definitions
    account_count = fields.Integer(string="Accounts Rated Today", readonly=True, copy=False)
    change_count = fields.Integer(
        string="Would Change Today", readonly=True, copy=False,
        help="Accounts that the model places in another tier than the present one; of health, at another level.")
    in_count = fields.Integer(string="Into Key Tiers", readonly=True, copy=False)
    out_count = fields.Integer(string="Out of Key Tiers", readonly=True, copy=False)
    changed_share = fields.Float(
        string="Change per Month (%)", readonly=True, copy=False, digits=(16, 1),
        help="100 * changed / compared over all months: compared are the accounts rated at a month end and at the one "
             "before it, changed those of them that are placed in another tier, or at another level of health.")
    swing_count = fields.Integer(
        string="Swing Back and Forth", readonly=True, copy=False, help="Accounts that change twice or more.")
    followed_count = fields.Integer(
        string="Ratings with Outcome", readonly=True, copy=False,
        help="Accounts times month ends of which the 6 months after are known.")
    false_green_count = fields.Integer(
        string="False Green Cases", readonly=True, copy=False,
        help="Rated well (placed in a key tier; healthy), and the revenue of the 6 months after was lower than that of "
             "the 6 months before by more than the set percentage. One per account and month end.")
    false_green_share = fields.Float(
        string="False Green (%)", readonly=True, copy=False, digits=(16, 1),
        help="Of those rated well who had revenue in the 6 months before.")
    false_red_count = fields.Integer(
        string="False Red Cases", readonly=True, copy=False,
        help="Rated low (not placed in a key tier; at risk), and the revenue of the 6 months after was higher than "
             "that of the 6 months before by more than the set percentage. One per account and month end.")
    false_red_share = fields.Float(
        string="False Red (%)", readonly=True, copy=False, digits=(16, 1),
        help="Of those rated low who had revenue in the 6 months before.")
    precision = fields.Float(
        string="Precision (%)", readonly=True, copy=False, digits=(16, 1),
        help="Hits / accounts of the top k. Selection: the top k are the best by rank, k the places in the key tiers, "
             "and a hit is among the k accounts with the highest revenue of the 6 months after. Health: the top k are "
             "those at risk, and a hit is an account whose revenue then fell by more than the set percentage.")
    recall = fields.Float(
        string="Recall (%)", readonly=True, copy=False, digits=(16, 1),
        help="Hits / all accounts that should have been found.")
    lift = fields.Float(
        readonly=True, copy=False, digits=(16, 2),
        help="Precision / (accounts that should have been found / all accounts). 1 is no better than chance.")
    revenue_precision = fields.Float(
        string="Precision by Revenue (%)", readonly=True, copy=False, digits=(16, 1),
        help="The same for a ranking by revenue of the last 12 months alone (health: the lowest first).")
    revenue_recall = fields.Float(string="Recall by Revenue (%)", readonly=True, copy=False, digits=(16, 1))
    revenue_lift = fields.Float(string="Lift by Revenue", readonly=True, copy=False, digits=(16, 2))

    _month_count = models.Constraint('CHECK (month_count BETWEEN 2 AND 36)', "Replay from 2 to 36 month ends.")
    _fall_percent = models.Constraint(
        'CHECK (fall_percent > 0 AND fall_percent < 100)', "A rise or fall is between 0 and 100 %.")

    @api.depends('model_id', 'date')
    def _compute_display_name(self):
        for backtest in self:
            backtest.display_name = self.env._(
                "Back-test of %(model)s %(date)s", model=backtest.model_id.display_name,
                date=backtest.date or "").strip()

    @api.depends('content', 'state')
    def _compute_is_up_to_date(self):
        content = {model: model._content() for model in self.model_id}
        for backtest in self:
            backtest.is_up_to_date = backtest.state == 'done' and backtest.content == content[backtest.model_id]

    def write(self, vals):
        if not self.env.su and (vals.keys() - SETTINGS or any(backtest.state != 'draft' for backtest in self)):
            raise UserError(self.env._(
                "A back-test is computed. Only its settings can be changed, before it starts: use \"Other Settings\"."))
        return super().write(vals)

    # Buttons

    def action_start(self):
        self.ensure_one()
        self.model_id._check_champion()
        if self.state != 'draft':
            raise UserError(self.env._("This back-test has started already."))
        # The results are closed to users; the check above is the permission.
        self.sudo()._begin()
        return self.action_look()

    def action_again(self):
        """Another back-test of the model, whose settings can be changed before it starts."""
        self.ensure_one()
        self.model_id._check_champion()
        # Nobody creates back-tests by hand; the check above is the permission.
        again = self.sudo().copy()
        return again.with_env(self.env)._get_records_action()

    def action_look(self):
        """Open the result, and note that the user has looked at it: publishing asks for that."""
        self.ensure_one()
        self.model_id._check_champion()
        if self.state == 'done' and self.env.user not in self.look_ids.user_id:
            # Closed to users, so that nobody notes it for somebody else.
            self.env['kam.scoring.backtest.look'].sudo().create({'backtest_id': self.id, 'user_id': self.env.uid})
        return self._get_records_action()

    def action_publish(self):
        self.ensure_one()
        self.model_id.action_publish()
        return self.model_id._get_records_action()

    def action_stability(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_scoring_backtest_month_action')
        return dict(action, name=self.display_name, domain=[('backtest_id', '=', self.id)])

    # Computing

    @api.model
    def _start(self, model):
        """A back-test of a model with the usual settings, computed at once or queued."""
        # Results are closed to users; callers check the permission.
        backtest = self.sudo().create({'model_id': model.id})
        backtest._begin()
        return backtest.with_env(self.env)

    def _begin(self):
        """Compute at once, or queue where that takes longer than a person waits."""
        self.user_id = self.env.uid
        if self.env['kam.score.run']._is_large(self.program_id):
            self.state = 'waiting'
            self.env.ref('kam_scoring.ir_cron_backtest_waiting')._trigger()
        else:
            self._carry_out()

    def _carry_out(self):
        started = time.monotonic()
        self.write({'state': 'running', 'date_start': fields.Datetime.now(),
                    'date': self.date or fields.Date.today()})
        try:
            with self.env.cr.savepoint():
                self._execute()
        except (UserError, psycopg2.DataError, psycopg2.ProgrammingError) as error:
            text = str(error) if isinstance(error, UserError) else self.env._(
                "The back-test stopped with an error: %s", str(error).strip())
            self.write({'state': 'failed', 'message': text})
            _logger.info("back-test of %s failed: %s", self.model_id.display_name, error)
        self.duration = time.monotonic() - started

    def _execute(self):
        model, program = self.model_id, self.program_id
        model._check_complete()
        vals = {'state': 'done', 'content': model._content(), 'message': False, 'limits': self._limits()}
        if not program._has_invoices():
            self.write({**vals, 'message': self.env._(
                "%s has no posted customer invoice yet, so there is nothing to replay. The model can be published "
                "without a back-test.", program.name)})
            return
        spec, question = model._spec(), self._question()
        self.env.flush_all()  # the engine reads tables
        self.env['kam.score.run']._plan_for_whole_tables(True)
        scope = Scope.of(program, self.date)
        failed = self._keep_changes(scope, spec, question)
        vals['account_count'] = engine.score.ranked_count(scope)
        self._replay(spec, question, failed)
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        self.write({**vals, **self._keep_figures(question), 'message': self._notes(failed)})
        self.env['kam.score.run']._plan_for_whole_tables(False)

    def _keep_changes(self, scope, spec, question):
        """Who would change today. The metrics that cannot be computed are found here, before the past is asked.

        :return: {metric: error}
        """
        _count, failed = self.env['kam.score.run']._stage(scope, spec, None)
        columns = ('from_level', 'to_level') if question.is_health else ('from_tier_id', 'to_tier_id')
        self.env['kam.scoring.backtest.transition'].create([
            {'backtest_id': self.id, columns[0]: before, columns[1]: after, 'kind': kind, 'account_count': count}
            for before, after, kind, count in replay.transitions(scope, question)])
        replay.list_changes(self, scope, spec, question)
        return failed

    def _replay(self, spec, question, failed):
        replay.prepare(self.env)
        days = replay.month_ends(self.date, self.month_count)
        for month, day in enumerate(days):
            replay.replay(Scope.of(self.program_id, day), spec, frozenset(failed), question, month)
            if replay.outcome_end(day) <= days[-1]:
                replay.follow(Scope.of(self.program_id, replay.outcome_end(day)), day, month)
        self.env.cr.execute(SQL("ANALYZE kam_replay, kam_outcome"))
        self._keep_months(days, question)
        replay.list_swings(self)
        for kind in ('false_green', 'false_red'):
            replay.list_wrong(self, question, kind)

    def _keep_months(self, days, question):
        """One line per month end; a month without any account has zeros."""
        stability, outcomes = replay.stability(self.env), replay.outcomes(self.env, question)
        self.env['kam.scoring.backtest.month'].create([
            {'backtest_id': self.id, 'date': day, 'has_outcome': replay.outcome_end(day) <= days[-1],
             **stability.get(month, {}), **outcomes.get(month, {})}
            for month, day in enumerate(days)])

    def _keep_figures(self, question):
        """The headline figures: those of all months together."""
        moves = self.transition_ids
        total = self.month_ids._totals()
        return {
            'change_count': sum(moves.mapped('account_count')),
            'in_count': sum(moves.filtered(lambda move: move.kind == 'in').mapped('account_count')),
            'out_count': sum(moves.filtered(lambda move: move.kind == 'out').mapped('account_count')),
            'swing_count': replay.swing_count(self.env),
            **{name: total[name] for name in (
                'changed_share', 'followed_count', 'false_green_count', 'false_green_share', 'false_red_count',
                'false_red_share', 'precision', 'recall', 'lift', 'revenue_precision', 'revenue_recall',
                'revenue_lift')},
        }

    def _question(self):
        model = self.model_id
        tiers = model.tier_rule_ids.filtered(lambda rule: not rule.gate_criterion_id).tier_id.filtered('is_key')
        published = self.program_id.health_model_id
        return replay.Question(
            purpose=model.purpose, key_tier_ids=tuple(tiers.ids), top=self._key_places(tiers),
            percent=self.fall_percent, levels=model._levels(), levels_now=published._levels() if published else None)

    def _key_places(self, tiers):
        """Places in the key tiers; where one of them has no limit, the upper size of the programme; at least one."""
        capacities = (tiers or self.program_id.tier_ids.filtered('is_key')).mapped('capacity')
        if capacities and all(capacities):
            return sum(capacities)
        return max(self.program_id.size_max, 1)

    def _limits(self):
        """What the figures of the past do not show, in sentences."""
        model = self.model_id
        codes = dict.fromkeys([*model.criterion_ids.mapped('metric'), *model.gate_ids.mapped('metric')])
        names = [self.env._(METRICS[code].label) for code in codes if code in METRICS and not METRICS[code].replayable]
        lines = []
        if names:
            lines.append(self.env._(
                "%s: only the present value is known. It counts at each month end as it is today.", ", ".join(names)))
        if 'margin' in codes:
            lines.append(self.env._("Margins use the product costs of today."))
        return "\n".join([*lines, self.env._(
            "Accounts, their entities and their present tiers are those of today: a customer without account is not "
            "rated, and who meets no rule counts in its present tier. Documents posted later with an earlier date "
            "count as if they had been there.")])

    def _notes(self, failed):
        notes = [
            self.env._("%(criterion)s could not be computed and counts as missing for everybody: %(error)s",
                       criterion=self.env._(METRICS[metric].label) if metric in METRICS else metric,
                       error=str(error).strip()) for metric, error in failed.items()]
        if not self.month_ids.filtered('has_outcome'):
            notes.append(self.env._("No month end is old enough to be compared with the 6 months after it."))
        return "\n".join(notes) or False

    # Scheduled

    @api.model
    def _cron_backtest_waiting(self):
        """Work off the back-tests that people have asked for."""
        commit = self.env['ir.cron']._commit_progress
        # What others see as running, and nobody has locked, has died.
        for backtest in self.search([('state', '=', 'running')]).try_lock_for_update():
            backtest.write({'state': 'failed', 'message': self.env._(
                "The back-test was interrupted, for instance by a restart of the server. Start it again.")})
        waiting = self.search([('state', '=', 'waiting')], order='id')
        commit(remaining=len(waiting))
        for backtest in waiting:
            try:
                backtest._work_off(commit)
            except Exception as error:  # whatever it is, the others go on
                self.env.cr.rollback()
                _logger.exception("back-test %s failed", backtest.id)
                backtest.exists().write({'state': 'failed', 'message': self.env._(
                    "The back-test stopped with an error: %s", str(error).strip())})
            commit(1)

    def _work_off(self, commit):
        """Carry out a waiting back-test, visible to others as running from the start."""
        if not self.try_lock_for_update() or self.state != 'waiting':
            return  # another worker has it
        self.write({'state': 'running', 'date_start': fields.Datetime.now()})
        commit()
        if self.try_lock_for_update():  # the commit has let go of it
            self._carry_out()
