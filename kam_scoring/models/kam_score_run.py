import dataclasses
import logging
import time

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import engine
from ..metrics import METRICS, Scope
from .kam_scoring_model import PURPOSES

_logger = logging.getLogger(__name__)

# Up to so many accounts a person waits for a run; more are scored in the background.
LIVE_ACCOUNTS = 5000


class StepTimer:
    """Notes what a run has done, and how long it took.

    While others can see the run, each step is committed by a cursor of its own, so that they see how far it is. The run
    itself is written at its end only: two transactions must not write one row.
    """

    def __init__(self, run):
        self.run, self.steps = run, []
        self.started = self.since = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self.started

    def done(self, name):
        now = time.monotonic()
        step, self.since = {'run_id': self.run.id, 'name': name, 'seconds': now - self.since}, now
        if self.run.env.context.get('kam_run_is_committed'):
            with self.run.env.registry.cursor() as cr:
                self.run.env(cr=cr)['kam.score.run.step'].create(step)
        else:
            self.steps.append(step)

    def keep(self):
        self.run.env['kam.score.run.step'].create(self.steps)


class KamScoreRun(models.Model):
    """One execution of a programme's scoring: which model, as of which date, with what outcome.

    How a run works
    ===============
    `_score_program` locks the programme, opens a run and lets the engine (`kam_scoring/engine`) work in a savepoint: a
    handful of SQL statements over all accounts, whatever their number. It enrols new customers, writes one `kam.score`
    per account, keeps history short, updates the figures on the accounts, and drafts tier changes. It never changes a
    tier. A run that fails leaves everything as it was, and a run record that says why. So does one that is killed: all
    of it is one transaction, and the next run marks it as interrupted.

    The day of a run is that of the server (UTC), the same for everybody: a champion who lives ahead of the scheduled
    action must not score a day that it has not reached yet, whose scores it would then leave alone.

    A champion who asks for a run of a large programme does not wait for it: it is queued for the scheduled action
    `_cron_score_waiting`, and its record shows the steps as they are done.
    """
    _name = 'kam.score.run'
    _description = "Scoring Run"
    _order = 'date desc, id desc'

    program_id = fields.Many2one('kam.program', string="Programme", required=True, index=True, ondelete='cascade')
    model_id = fields.Many2one('kam.scoring.model', string="Scoring Model", index='btree_not_null', ondelete='restrict')
    date = fields.Date(string="As of", required=True, help="Documents and payments up to this day count.")
    purpose = fields.Selection(PURPOSES, default='selection', required=True, help="Of its model.")
    account_id = fields.Many2one(
        'kam.account', index='btree_not_null', ondelete='cascade', help="Where one account was scored alone.")
    state = fields.Selection([
        ('waiting', "Waiting"),
        ('running', "Running"),
        ('done', "Done"),
        ('failed', "Failed"),
    ], default='running', required=True, copy=False)
    date_start = fields.Datetime(string="Started", default=fields.Datetime.now, required=True)
    duration = fields.Float(string="Seconds", digits=(16, 2))
    enrolled_count = fields.Integer(string="New Accounts")
    account_count = fields.Integer(string="Accounts Scored")
    ranked_count = fields.Integer(
        string="Customers Ranked", help="Without prospects, lost customers and accounts without data.")
    proposal_count = fields.Integer(string="Proposals", help="Draft tier changes after the run.")
    message = fields.Text()
    step_ids = fields.One2many('kam.score.run.step', 'run_id', string="Steps")
    distribution = fields.Json(
        help="Values of the criteria that count by place, for scoring one account between two runs.")
    score_ids = fields.One2many('kam.score', 'run_id', string="Scores")
    company_ids = fields.Many2many(related='program_id.company_ids')

    @api.depends('program_id', 'account_id', 'date')
    def _compute_display_name(self):
        for run in self:
            name = run.account_id.display_name or run.program_id.name or ""
            run.display_name = f"{name} {fields.Date.to_string(run.date) or ''}".strip()

    def action_open_scores(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_scoring.kam_score_action')
        return dict(action, name=self.display_name, domain=[('run_id', '=', self.id)], context={})

    def action_open_proposals(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_tier_change_action')
        return dict(action, domain=[('score_run_id', '=', self.id)], context={})

    # Running

    @api.model
    def _start(self, program):
        """Score a programme at once, or queue it where that takes longer than a person waits; return the run."""
        program = program.sudo()  # counts, and a run, are the same for whoever starts it
        if not self._is_large(program):
            return self._score_purposes(program)[0]
        if program.try_lock_for_update(allow_referencing=True):
            self._fail_interrupted(program)
        run = self.sudo().search([
            ('program_id', '=', program.id), ('state', 'in', ('waiting', 'running')),
            ('account_id', '=', False)], limit=1)
        if not run:
            run = self.sudo().create({
                'program_id': program.id, 'date': fields.Date.today(),
                'model_id': program.scoring_model_id.id, 'state': 'waiting'})
            self.env.ref('kam_scoring.ir_cron_score_waiting')._trigger()
        return run

    @api.model
    def _is_large(self, program):
        # sudo: how many there are decides, whatever its reader may see of them.
        limit = LIVE_ACCOUNTS + 1
        count = self.env['kam.account'].sudo().search_count([('program_id', '=', program.id)], limit=limit)
        # Before the first run there are customers and no accounts.
        return max(count, count == 0 and self.env['res.partner'].sudo().search_count(
            [('customer_rank', '>', 0)], limit=limit)) > LIVE_ACCOUNTS

    @api.model
    def _score_purposes(self, program, date=None):
        """Score what a programme has models for: the value of all, then the health of key accounts; then follow up."""
        runs = self._score_program(program, date)
        # sudo: which models a programme has does not depend on who starts the run.
        if program.sudo().health_model_id:
            runs += self._score_program(program, date, purpose='health')
        runs[0]._follow_up()
        return runs

    @api.model
    def _score_program(self, program, date=None, purpose='selection'):
        """Score all accounts of a programme.

        :param date: as-of date; today by default. A date before that of the newest run adds history only: the current
            scores stay, and no proposals are drafted.
        :param purpose: 'selection', or 'health' for key accounts
        :return: the run, done or failed; its message says why
        :raise UserError: when another worker is scoring the programme at this moment
        """
        program = self._locked(program)
        run = self.sudo().create({
            'program_id': program.id, 'date': date or fields.Date.today(),
            'purpose': purpose, 'model_id': program._scoring_model(purpose).id})
        run._carry_out()
        return run

    @api.model
    def _score_account(self, account, purpose='selection'):
        """Score one account between two runs of its programme; its place comes from the last run.

        :return: the run of this account alone
        :raise UserError: when the programme is being scored, or never was
        """
        program = self._locked(account.program_id)
        last = self.sudo().search([
            ('program_id', '=', program.id), ('purpose', '=', purpose), ('state', '=', 'done'),
            ('account_id', '=', False)], limit=1)
        model = program._scoring_model(purpose)
        if not last or last.model_id != model:
            raise UserError(self.env._(
                "%s has not been scored by its present model yet. Score the programme first.", program.name))
        run = self.sudo().create({
            'program_id': program.id, 'account_id': account.id, 'date': fields.Date.today(),
            'purpose': purpose, 'model_id': model.id, 'ranked_count': last.ranked_count})
        run._carry_out(last.distribution or {})
        return run

    @api.model
    def _locked(self, program):
        """The programme, locked for this transaction.

        In sudo: a run reads all documents of the programme's companies and writes what people may only read. Callers
        check the permission to start one; record rules decide who sees the results.
        """
        program = program.sudo()
        program.ensure_one()
        if not program.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("%s is being scored already. Look again in a moment.", program.name))
        return program

    def _carry_out(self, distribution=None):
        """Work off a run.

        :param distribution: of the last full run, where one account is scored alone
        """
        started = time.monotonic()
        try:
            with self.env.cr.savepoint():
                self._execute(distribution)
        except (UserError, psycopg2.DataError, psycopg2.ProgrammingError, psycopg2.IntegrityError) as error:
            self._fail(error)
            self.duration = time.monotonic() - started

    def _fail(self, error):
        self.write({'state': 'failed', 'message': self._error_text(error)})
        level = logging.INFO if isinstance(error, UserError) else logging.ERROR
        _logger.log(level, "scoring of %s failed: %s", self.program_id.name, error)

    @api.model
    def _error_text(self, error):
        if isinstance(error, UserError):
            return str(error)
        return self.env._("The run stopped with an error: %s", str(error).strip())

    def _execute(self, distribution=None):
        self.ensure_one()
        self._check_ready()
        spec = self.model_id._spec()
        is_newest = self._is_newest()
        self.env.flush_all()  # the engine reads tables
        scope = Scope.of(self.program_id, self.date, self.account_id.ids)
        single = engine.single.Single(scope, distribution) if self.account_id else None
        if not single:
            self._plan_for_whole_tables(True)
        timer = StepTimer(self)
        enrolled = 0
        if not single and spec.purpose == 'selection':
            enrolled = engine.enrol.enrol(scope)
            timer.done('enrol')
        scored, failed = self._stage(scope, spec, single)
        timer.done('score')
        engine.history.make_room(scope, spec, is_newest)
        engine.score.insert(scope, spec, self, is_newest)
        timer.done('history')
        vals = {'account_count': scored, 'enrolled_count': enrolled}
        if not single:
            # Evidence says how many customers are ranked, so the count is written first.
            vals['ranked_count'] = engine.score.ranked_count(scope)
            vals['distribution'] = engine.single.distribution(scope, spec, scored)
            self.write(vals)
            self.env.flush_all()
        if is_newest:
            engine.history.update_accounts(scope, spec)
            timer.done('account')
            if spec.purpose == 'selection':
                vals['proposal_count'] = engine.proposals.propose(scope, self)
                timer.done('proposal')
        if not single:
            self._plan_for_whole_tables(False)
        self.env.invalidate_all(flush=False)
        for_readers = self.with_env(scope.reader_env)
        timer.keep()
        self.write({
            **vals, 'state': 'done', 'duration': timer.seconds,
            'message': "\n".join(for_readers._notes(scope, enrolled, scored, failed, is_newest))})

    def _plan_for_whole_tables(self, is_on):
        """Statements over whole tables, some of them just filled: a wrong guess of PostgreSQL at the number of rows
        must not turn a join into a loop over all accounts for each account.

        Without loops some costs look huge, and PostgreSQL would compile small queries for longer than they take.
        """
        value = "off" if is_on else "DEFAULT"
        self.env.cr.execute(SQL("SET LOCAL enable_nestloop TO %s; SET LOCAL jit TO %s", *[SQL(value)] * 2))

    def _is_newest(self):
        """Whether no run of the programme has looked at a later date."""
        return not self.search_count([
            ('program_id', '=', self.program_id.id), ('purpose', '=', self.purpose), ('state', '=', 'done'),
            ('account_id', '=', False), ('date', '>', self.date)], limit=1)

    def _follow_up(self):
        """Bring up to date what rests on the scores, once those of all purposes are there.

        Only after the newest run. What fails there leaves the scores alone and is noted in the message of the run.
        """
        if self.state != 'done' or not self._is_newest():
            return
        timer = StepTimer(self)
        self._plan_for_whole_tables(True)
        notes = self._follow_ups()
        self._plan_for_whole_tables(False)
        timer.done('follow')
        timer.keep()
        self.write({'message': "\n".join(filter(None, [self.message, *notes])),
                    'duration': self.duration + timer.seconds})

    def _follow_ups(self):
        """What rests on the scores; return what people should know of it, in sentences."""
        return engine.classes.refresh(Scope.of(self.program_id, self.date), self)

    def _check_ready(self):
        program = self.program_id
        if not program.with_context(active_test=False).company_ids:
            raise UserError(self.env._(
                "%s covers no company, so it has no invoices to look at. Choose its companies.", program.name))
        if not self.model_id:
            raise UserError(self.env._(
                "%s has no published scoring model. Create one, or publish a draft.", program.name))
        if self.date > fields.Date.today():
            raise UserError(self.env._("%s is in the future. Choose today or a past date.", self.date))
        self.model_id._check_complete()

    def _stage(self, scope, spec, single):
        """Compute the scores; without the metrics that cannot be computed, should the statement fail.

        :return: (number of scores, {metric: error})
        """
        failed = {metric: self.env._("unknown metric, or its app is not installed") for metric in spec.metrics
                  if metric not in METRICS or not METRICS[metric].is_available(self.env)}
        known = dataclasses.replace(
            spec, criteria=tuple(one for one in spec.criteria if one.metric not in failed),
            gates=tuple(one for one in spec.gates if one.metric not in failed))
        try:
            with self.env.cr.savepoint(flush=False):
                return engine.score.stage(scope, spec, frozenset(failed), single), failed
        except (psycopg2.DataError, psycopg2.ProgrammingError, ArithmeticError, LookupError, TypeError, ValueError):
            broken = engine.score.broken(scope, known)
            if not broken:
                raise
            failed = {**broken, **failed}
        return engine.score.stage(scope, spec, frozenset(failed), single), failed

    def _notes(self, scope, enrolled, scored, failed, is_newest):
        """What people should know about the run, in sentences."""
        for metric, error in failed.items():
            name = self.env._(METRICS[metric].label) if metric in METRICS else metric
            yield self.env._("%(criterion)s could not be computed and counts as missing for everybody: %(error)s",
                             criterion=name, error=str(error).strip())
        if scope.rates.missing:
            yield self.env._("No exchange rate for %s: counted 1 to 1. Add the rates and score again.",
                             ", ".join(scope.rates.missing))
        if enrolled:
            yield self.env._("New accounts, of customers who trade: %s.", enrolled)
        if not scored:
            yield self.env._("There are no accounts yet. They appear with the first posted customer invoice.")
        if not is_newest:
            yield self.env._(
                "A newer run exists: this one adds history; current scores and proposals stay as they are.")

    # Scheduled

    @api.model
    def _cron_score(self):
        """Score every programme, the one that has waited longest first; a programme that fails stops no other."""
        commit = self.env['ir.cron']._commit_progress
        newest = {
            program.id: start for program, start in self._read_group([], ['program_id'], ['date_start:max'])}
        programs = self.env['kam.program'].search([('active', '=', True)])
        order = sorted(programs.ids, key=lambda program_id: (str(newest.get(program_id, "")), program_id))
        commit(remaining=len(order))
        for program in programs.browse(order):
            try:
                if program.try_lock_for_update(allow_referencing=True):
                    self._fail_interrupted(program)
                    self._score_purposes(program)
            except Exception as error:  # whatever it is, the other programmes go on
                self.env.cr.rollback()
                _logger.exception("scoring of programme %s failed", program.id)
                self._record_failure(program, error)
            # All are done whatever the time left: a call that starts again would begin with the first one.
            commit(1)

    @api.model
    def _cron_score_waiting(self):
        """Work off the runs that people have asked for."""
        commit = self.env['ir.cron']._commit_progress
        waiting = self.search([('state', '=', 'waiting')], order='id')
        commit(remaining=len(waiting))
        for run in waiting:
            try:
                run._work_off(commit)
            except Exception as error:  # whatever it is, the other runs go on
                self.env.cr.rollback()
                _logger.exception("scoring run %s failed", run.id)
                run.exists().write({'state': 'failed', 'message': self._error_text(error)})
            commit(1)

    def _work_off(self, commit):
        """Carry out a waiting run: visible to others as running, with its steps, from the start."""
        if not self.try_lock_for_update() or self.state != 'waiting':
            return  # another worker has it
        self._locked(self.program_id)
        self._fail_interrupted(self.program_id)
        self.write({'state': 'running', 'date_start': fields.Datetime.now(),
                    'model_id': self.program_id.scoring_model_id.id})
        commit()
        self._locked(self.program_id)  # the commit has let go of it
        self.with_context(kam_run_is_committed=True)._carry_out()
        if self.state == 'done' and self.program_id.health_model_id:
            self._score_program(self.program_id, purpose='health')
        self._follow_up()

    @api.model
    def _fail_interrupted(self, program):
        """The caller holds the lock of the programme: a run that others see as running has died."""
        # sudo: runs are written by scoring only.
        self.sudo().search([('program_id', '=', program.id), ('state', '=', 'running')]).write({
            'state': 'failed', 'message': self.env._(
                "The run was interrupted, for instance by a restart of the server. The scores before it stand.")})

    @api.model
    def _record_failure(self, program, error):
        # sudo: runs are written by scoring only, and a failed one has to be seen.
        program = program.sudo().exists()
        if program:
            self.sudo().create({
                'program_id': program.id, 'model_id': program.scoring_model_id.id, 'state': 'failed',
                'date': fields.Date.today(), 'message': self._error_text(error)})
