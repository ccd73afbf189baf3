import logging
import time

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import engine
from ..metrics import METRICS, Scope

_logger = logging.getLogger(__name__)


class KamScoreRun(models.Model):
    """One execution of a programme's scoring: which model, as of which date, with what outcome.

    How a run works
    ===============
    `_score_program` locks the programme, opens a run and lets the engine (`kam_scoring/engine`) work in a savepoint: a
    handful of SQL statements over all accounts, whatever their number. It enrols new customers, writes one `kam.score`
    per account, keeps history short, updates the figures on the accounts, and drafts tier changes. It never changes a
    tier. A run that fails leaves everything as it was, and a run record that says why.
    """
    _name = 'kam.score.run'
    _description = "Scoring Run"
    _order = 'date desc, id desc'

    program_id = fields.Many2one('kam.program', string="Programme", required=True, index=True, ondelete='cascade')
    model_id = fields.Many2one('kam.scoring.model', string="Scoring Model", index='btree_not_null', ondelete='restrict')
    date = fields.Date(string="As of", required=True, help="Documents and payments up to this day count.")
    state = fields.Selection([
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
    score_ids = fields.One2many('kam.score', 'run_id', string="Scores")
    company_ids = fields.Many2many(related='program_id.company_ids')

    @api.depends('program_id', 'date')
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.program_id.name or ''} {fields.Date.to_string(run.date) or ''}".strip()

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
    def _score_program(self, program, date=None):
        """Score all accounts of a programme.

        :param date: as-of date; today by default. A date before that of the newest run adds history only: the current
            scores stay, and no proposals are drafted.
        :return: the run, done or failed; its message says why
        :raise UserError: when another worker is scoring the programme at this moment
        """
        # In sudo: a run reads all documents of the programme's companies and writes what people may only read. Callers
        # check the permission to start one; record rules decide who sees the results.
        program = program.sudo()
        program.ensure_one()
        if not program.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("%s is being scored already. Look again in a moment.", program.name))
        started = time.monotonic()
        run = self.sudo().create({
            'program_id': program.id, 'date': date or fields.Date.context_today(self),
            'model_id': program.scoring_model_id.id})
        try:
            with self.env.cr.savepoint():
                run._execute()
        except (UserError, psycopg2.DataError, psycopg2.ProgrammingError, psycopg2.IntegrityError) as error:
            run._fail(error)
        run.duration = time.monotonic() - started
        return run

    def _fail(self, error):
        self.write({'state': 'failed', 'message': self._error_text(error)})
        level = logging.INFO if isinstance(error, UserError) else logging.ERROR
        _logger.log(level, "scoring of %s failed: %s", self.program_id.name, error)

    @api.model
    def _error_text(self, error):
        if isinstance(error, UserError):
            return str(error)
        return self.env._("The run stopped with an error: %s", str(error).strip())

    def _execute(self):
        self.ensure_one()
        self._check_ready()
        spec = self.model_id._spec()
        is_newest = not self.search_count([
            ('program_id', '=', self.program_id.id), ('state', '=', 'done'), ('date', '>', self.date)], limit=1)
        self.env.flush_all()  # the engine reads tables
        # Statements over whole tables, some of them just filled: a wrong guess of PostgreSQL at the number of rows
        # must not turn a join into a loop over all accounts for each account. (Without loops some costs look huge, and
        # PostgreSQL would compile small queries for longer than they take.)
        self.env.cr.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        scope = Scope.of(self.program_id, self.date)
        enrolled = engine.enrol.enrol(scope)
        engine.history.make_room(scope, self, is_newest)
        scored, failed = self._write_scores(scope, spec, is_newest)
        # Evidence says how many customers are ranked, so the counts are written first.
        ranked = self.env['kam.score'].search_count([('run_id', '=', self.id), ('rank', '>', 0)])
        self.write({'account_count': scored, 'ranked_count': ranked, 'enrolled_count': enrolled})
        self.env.flush_all()
        proposals, problems = 0, []
        if is_newest:
            engine.history.update_accounts(scope, self)
            problems = engine.classes.refresh(scope, self)
            proposals = engine.proposals.propose(scope, self)
        self.env.cr.execute("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT")
        self.env.invalidate_all(flush=False)
        for_readers = self.with_env(engine.proposals.reader_env(scope))
        self.write({
            'state': 'done', 'proposal_count': proposals,
            'message': "\n".join([*for_readers._notes(scope, enrolled, scored, failed, is_newest), *problems])})

    def _check_ready(self):
        program = self.program_id
        if not program.with_context(active_test=False).company_ids:
            raise UserError(self.env._(
                "%s covers no company, so it has no invoices to look at. Choose its companies.", program.name))
        if not self.model_id:
            raise UserError(self.env._(
                "%s has no published scoring model. Create one, or publish a draft.", program.name))
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("%s is in the future. Choose today or a past date.", self.date))
        self.model_id._check_complete()

    def _write_scores(self, scope, spec, is_newest):
        """Write the scores; without the metrics that cannot be computed, should the statement fail.

        :return: (number of scores, {criterion id: error})
        """
        failed = {
            criterion.id: self.env._("unknown metric") for criterion in self.model_id.criterion_ids
            if criterion.metric not in METRICS}
        try:
            with self.env.cr.savepoint(flush=False):
                return engine.score.insert(scope, spec, self, is_newest, frozenset(failed)), failed
        except (psycopg2.DataError, psycopg2.ProgrammingError, ArithmeticError, LookupError, TypeError, ValueError):
            broken = engine.score.broken(scope, spec)
            if not broken.keys() - failed.keys():
                raise
            failed = {**broken, **failed}
        return engine.score.insert(scope, spec, self, is_newest, frozenset(failed)), failed

    def _notes(self, scope, enrolled, scored, failed, is_newest):
        """What people should know about the run, in sentences."""
        names = {criterion.id: criterion.display_name for criterion in self.model_id.criterion_ids}
        for criterion_id, error in failed.items():
            yield self.env._("%(criterion)s could not be computed and counts as missing for everybody: %(error)s",
                             criterion=names[criterion_id], error=str(error).strip())
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
                    self._score_program(program)
            except Exception as error:  # whatever it is, the other programmes go on
                self.env.cr.rollback()
                _logger.exception("scoring of programme %s failed", program.id)
                self._record_failure(program, error)
            # All are done whatever the time left: a call that starts again would begin with the first one.
            commit(1)

    @api.model
    def _record_failure(self, program, error):
        # sudo: runs are written by scoring only, and a failed one has to be seen.
        program = program.sudo().exists()
        if program:
            self.sudo().create({
                'program_id': program.id, 'model_id': program.scoring_model_id.id, 'state': 'failed',
                'date': fields.Date.context_today(self), 'message': self._error_text(error)})
