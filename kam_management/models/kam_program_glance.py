from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .kam_tier_change_exception import IN_FORCE
from .kam_tier_review import LEAD_DAYS


class KamProgram(models.Model):
    """The programme at a glance: what a champion counts, each figure with the action that opens its records."""
    _inherit = 'kam.program'

    account_count = fields.Integer(compute='_compute_account_counts')
    key_account_count = fields.Integer(compute='_compute_account_counts')
    size_message = fields.Char(compute='_compute_account_counts', help="Whether the programme has the size it wants.")
    unmanaged_count = fields.Integer(compute='_compute_account_counts', string="Key Accounts Without Manager")
    unsponsored_count = fields.Integer(compute='_compute_account_counts', string="Key Accounts Without Sponsor")
    told_count = fields.Integer(compute='_compute_account_counts', string="Customers Told")
    probation_count = fields.Integer(compute='_compute_account_counts', string="On Probation")
    overdue_visit_count = fields.Integer(compute='_compute_overdue_visit_count', string="Visits Overdue")
    open_change_count = fields.Integer(compute='_compute_change_counts', string="Open Tier Changes")
    submitted_count = fields.Integer(compute='_compute_change_counts', string="Waiting for a Decision")
    exception_count = fields.Integer(compute='_compute_change_counts', string="Open Exceptions")
    expired_count = fields.Integer(compute='_compute_change_counts', string="Expired Exceptions")
    review_count = fields.Integer(compute='_compute_review_count', string="On the Next Review")

    @api.depends_context('uid', 'allowed_company_ids')
    @api.depends('size_min', 'size_max')
    def _compute_account_counts(self):
        Account = self.env['kam.account']
        in_programs = [('program_id', 'in', self.ids)]
        totals = dict(Account._read_group(in_programs, ['program_id'], ['__count']))
        key = {program: counts for program, *counts in Account._read_group(
            [*in_programs, ('is_key', '=', True)], ['program_id'],
            ['__count', 'manager_id:count', 'sponsor_id:count', 'date_told:count', 'date_probation_end:count'])}
        for program in self:
            count, managed, sponsored, told, probation = key.get(program, (0, 0, 0, 0, 0))
            program.account_count = totals.get(program, 0)
            program.key_account_count = count
            program.unmanaged_count = count - managed
            program.unsponsored_count = count - sponsored
            program.told_count = told
            program.probation_count = probation
            program.size_message = program._size_message(count)

    def _size_message(self, count):
        if count > self.size_max:
            return self.env._("%(count)s more than the limit of %(limit)s",
                              count=count - self.size_max, limit=self.size_max)
        if count < self.size_min:
            return self.env._("%(count)s fewer than the %(limit)s it takes",
                              count=self.size_min - count, limit=self.size_min)
        return self.env._("room for %s more", self.size_max - count)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_change_counts(self):
        Change = self.env['kam.tier.change']
        in_programs = [('program_id', 'in', self.ids)]
        by_state = {(program, state): count for program, state, count in Change._read_group(
            [*in_programs, ('is_open', '=', True)], ['program_id', 'state'], ['__count'])}
        exceptions = {(program, state): count for program, state, count in Change._read_group(
            [*in_programs, ('exception_state', 'in', IN_FORCE)], ['program_id', 'exception_state'], ['__count'])}
        for program in self:
            program.open_change_count = sum(
                count for (of_program, _state), count in by_state.items() if of_program == program)
            program.submitted_count = by_state.get((program, 'submitted'), 0)
            program.expired_count = exceptions.get((program, 'expired'), 0)
            # The limit is about all in force.
            program.exception_count = exceptions.get((program, 'open'), 0) + program.expired_count

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_review_count(self):
        counts = dict(self.env['kam.tier.review']._read_group(
            [('program_id', 'in', self.ids), ('verdict', '=', False)], ['program_id'], ['__count']))
        for program in self:
            program.review_count = counts.get(program, 0)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_overdue_visit_count(self):
        counts = dict(self.env['kam.account']._read_group(
            [('program_id', 'in', self.ids), ('is_visit_overdue', '=', True)], ['program_id'], ['__count']))
        for program in self:
            program.overdue_visit_count = counts.get(program, 0)

    # Reviews

    def action_make_review_list(self):
        """Prepare the review now."""
        self.ensure_one()
        self.check_access('write')
        self.env['kam.tier.review']._make_lists(self)
        return self.action_open_reviews()

    def _end_review(self):
        """When the last account of a review that is due has its verdict, the next review is dated."""
        today = fields.Date.context_today(self)
        due = self.filtered(
            lambda program: program.date_next_review and program.date_next_review <= today + timedelta(LEAD_DAYS))
        # Also those that this user may not see.
        unfinished = self.env['kam.tier.review'].sudo().search([
            ('program_id', 'in', due.ids), ('verdict', '=', False)]).program_id
        for program in due - unfinished:
            program.sudo().date_next_review = today + relativedelta(months=program.review_months)

    # The records behind the figures

    def action_open_accounts(self):
        return self._action_accounts(self.env._("Accounts"), {})

    def action_open_key_accounts(self):
        return self._action_accounts(self.env._("Key Accounts"), {'search_default_is_key': 1})

    def action_open_unmanaged(self):
        return self._action_accounts(
            self.env._("Without Account Manager"), {'search_default_is_key': 1, 'search_default_no_manager': 1})

    def action_open_unsponsored(self):
        return self._action_accounts(
            self.env._("Without Sponsor"), {'search_default_is_key': 1, 'search_default_no_sponsor': 1})

    def action_open_overdue_visits(self):
        return self._action_accounts(self.env._("Visits Overdue"), {'search_default_visit_overdue': 1})

    def action_open_told(self):
        return self._action_accounts(self.env._("Customers Told"), {'search_default_told': 1})

    def action_open_probation(self):
        return self._action_accounts(self.env._("On Probation"), {'search_default_probation': 1})

    def _action_accounts(self, name, context):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_account_action')
        return dict(
            action, name=name, domain=[('program_id', '=', self.id)],
            context={'default_program_id': self.id, **context})

    def action_open_tier_changes(self):
        return self._action_changes(self.env._("Open Tier Changes"), {'search_default_open': 1})

    def action_open_submitted(self):
        return self._action_changes(self.env._("Waiting for a Decision"), {'search_default_to_decide': 1})

    def action_open_exceptions(self):
        return self._action_changes(self.env._("Open Exceptions"), {'search_default_exception': 1})

    def _action_changes(self, name, context):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_tier_change_action')
        return dict(action, name=name, domain=[('program_id', '=', self.id)], context=context)

    def action_open_reviews(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_tier_review_action')
        return dict(action, domain=[('program_id', '=', self.id)])
