import logging
import time

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import lifetime
from ..maths.lifetime import fit as fit_models

_logger = logging.getLogger(__name__)

FAILURES = (psycopg2.DataError, psycopg2.ProgrammingError, psycopg2.IntegrityError, ArithmeticError, ValueError)
PORTFOLIO_GROUPS = 'kam_management.group_kam_executive,kam_management.group_kam_champion'


class KamLifetimeFit(models.Model):
    """One computation of the lifetime values of a programme: the models fitted, or why the simple formula had to do.

    Once a month the whole history of purchases is read, both models are fitted, and the values of all accounts are
    written, in a handful of statements. The result stays until the next time.
    """
    _name = 'kam.lifetime.fit'
    _description = "Lifetime Value Computation"
    _order = 'date desc, id desc'

    program_id = fields.Many2one('kam.program', string="Programme", required=True, index=True, ondelete='cascade')
    currency_id = fields.Many2one('res.currency', required=True)
    date = fields.Date(string="As of", required=True)
    state = fields.Selection([('done', "Done"), ('failed', "Failed")], default='done', required=True, copy=False)
    message = fields.Text()
    method = fields.Selection([
        ('bgnbd', "Purchase Model"),
        ('simple', "Simple Formula"),
    ], help="Purchase Model: how often, how long still and for how much a customer buys, from its own purchases "
            "(BG/NBD and Gamma-Gamma, fitted by maximum likelihood).\n"
            "Simple Formula: margin of the last 12 months x retention / (1 + discount - retention), limited to the "
            "horizon.")
    reason = fields.Selection([
        ('few_repeaters', "Too few customers have bought more than once"),
        ('bgnbd_not_converged', "No best fit of the purchases was found"),
        ('bgnbd_degenerate', "The purchases do not tell customers apart: all alike, or nobody ever leaves"),
        ('gamma_gamma_not_converged', "No best fit of the purchase values was found"),
        ('gamma_gamma_degenerate', "The purchase values do not tell customers apart, or vary without limit"),
        ('correlation', "Who buys more often also buys for much more or less: the model of values does not hold"),
    ], string="Why Not the Purchase Model", readonly=True)
    customer_count = fields.Integer(string="Customers", help="Those who have ever bought.")
    repeat_count = fields.Integer(string="Bought Again", help="Customers with purchases on more than one day.")
    retention = fields.Float(
        aggregator='avg',
        help="Share of the customers of the year before the last one who bought again. What the simple formula counts "
             "with.")
    correlation = fields.Float(
        string="Frequency and Value", aggregator=None,
        help="Correlation of how often and for how much customers buy. Beyond 0.5 either way the model of purchase "
             "values does not hold.")
    log_likelihood = fields.Float(string="Log-Likelihood", aggregator=None)
    parameters = fields.Json(help="r, alpha, a, b of BG/NBD (time in weeks); p, q, gamma of Gamma-Gamma.")
    parameter_text = fields.Char(string="Fitted Parameters", compute='_compute_parameter_text')
    years = fields.Integer(string="Horizon (Years)", aggregator=None)
    discount_rate = fields.Float(string="Discount Rate (%)", digits=(16, 1), aggregator=None)
    margin_default = fields.Float(string="Usual Margin (%)", digits=(16, 1), aggregator=None)
    # Sums over all accounts: not for those who see a part of them.
    value_total = fields.Monetary(string="Lifetime Value of All", groups=PORTFOLIO_GROUPS)
    baseline_total = fields.Monetary(string="If All Goes On", groups=PORTFOLIO_GROUPS)
    duration = fields.Float(string="Seconds", digits=(16, 2), aggregator=None)
    account_ids = fields.One2many('kam.account', 'lifetime_fit_id', string="Accounts")

    @api.depends('program_id', 'date')
    def _compute_display_name(self):
        for fit in self:
            fit.display_name = f"{fit.program_id.name or ''} {fields.Date.to_string(fit.date) or ''}".strip()

    @api.depends('parameters')
    def _compute_parameter_text(self):
        for fit in self:
            fit.parameter_text = ", ".join(f"{name} {value:.4g}" for name, value in (fit.parameters or {}).items())

    def action_open_accounts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_account_action')
        return dict(action, domain=[('program_id', '=', self.program_id.id), ('lifetime_fit_id', '!=', False)],
                    views=[(False, 'list'), (False, 'form')], context={})

    # Computing

    @api.model
    def _fit_program(self, program, date=None):
        """Fit the models of a programme and write the lifetime values of its accounts.

        :param date: as-of date; today by default. A date before that of the newest computation is only recorded.
        :return: the record, done or failed; its message says why
        :raise UserError: when another worker is at this programme at this moment
        """
        # In sudo: the values cover all companies of the programme, and are written where people may only read. Callers
        # check the permission to start; record rules decide who sees the results.
        program = program.sudo()
        program.ensure_one()
        if not program.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("%s is being computed already. Look again in a moment.", program.name))
        started = time.monotonic()
        date = date or fields.Date.today()
        terms = {'program_id': program.id, 'currency_id': program.currency_id.id, 'date': date,
                 'years': program.lifetime_years,
                 'discount_rate': program.discount_rate, 'margin_default': program.margin_default}
        try:
            with self.env.cr.savepoint():
                fit = self.sudo()._compute_program(program, date, terms)
        except FAILURES as error:
            _logger.error("lifetime values of %s failed: %s", program.name, error)
            fit = self.sudo().create({**terms, 'state': 'failed', 'message': self._error_text(error)})
        fit.duration = time.monotonic() - started
        return fit

    @api.model
    def _error_text(self, error):
        return self.env._("The computation stopped with an error: %s", str(error).strip())

    @api.model
    def _compute_program(self, program, date, terms):
        is_newest = not self.search_count(
            [('program_id', '=', program.id), ('state', '=', 'done'), ('date', '>', date)], limit=1)
        facts = lifetime.facts(program, date)
        fitted = fit_models(facts.history)
        value, baseline, alive = lifetime.values(facts, fitted, lifetime.Terms.of(program))
        fit = self.create({
            **terms, **self._fitted_values(fitted), 'retention': facts.retention,
            'value_total': float(value.sum()), 'baseline_total': float(baseline.sum())})
        if is_newest:
            self.env.flush_all()  # the next statement reads and writes tables
            lifetime.write(fit, facts, value, baseline, alive)
            self.env['kam.account'].invalidate_model(
                ['lifetime_value', 'lifetime_margin_baseline', 'p_alive', 'lifetime_fit_id', 'value_currency_id'])
            fit.invalidate_recordset(['account_ids'])
        return fit

    @api.model
    def _fitted_values(self, fitted):
        parameters = {}
        for model in (fitted.bgnbd, fitted.gamma_gamma):
            parameters.update(vars(model) if model else {})
        return {
            'method': fitted.method, 'reason': fitted.reason or False, 'customer_count': fitted.customers,
            'repeat_count': fitted.repeaters, 'correlation': fitted.correlation,
            'log_likelihood': fitted.log_likelihood or 0.0, 'parameters': parameters or False}

    # Scheduled

    @api.model
    def _due_programs(self):
        """Programmes without a computation that went well in the last month."""
        limit = fields.Date.today() - relativedelta(months=1)
        recent = self.search([('state', '=', 'done'), ('date', '>', limit)]).program_id
        return self.env['kam.program'].search([('id', 'not in', recent.ids)])

    @api.model
    def _cron_fit(self):
        """Compute every programme whose values are older than a month; one that fails stops no other."""
        commit = self.env['ir.cron']._commit_progress
        programs = self._due_programs()
        commit(remaining=len(programs))
        for program in programs:
            try:
                if program.try_lock_for_update(allow_referencing=True):
                    self._fit_program(program)
            except Exception as error:  # whatever it is, the other programmes go on
                self.env.cr.rollback()
                _logger.exception("lifetime values of programme %s failed", program.id)
                self._record_failure(program, error)
            if not commit(1):
                break

    @api.model
    def _record_failure(self, program, error):
        # sudo: computations are written by this model only, and a failed one has to be seen.
        program = program.sudo().exists()
        if program:
            self.sudo().create({
                'program_id': program.id, 'currency_id': program.currency_id.id, 'state': 'failed',
                'date': fields.Date.today(),
                'message': self._error_text(error)})
