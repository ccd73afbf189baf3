from ast import literal_eval

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Checks that ask people, and those that ask figures.
COUNTED_CHECKS = ('issue_response', 'issue_resolution', 'visit', 'delivery', 'filter')


class KamPromise(models.Model):
    """What a customer of a tier may count on, who in the company keeps it, and how keeping it is checked (N3).

    Once a month each account of the tier has a result: how often the promise was due, how often it was kept. Broken
    ones go to their keeper in operations, not only to sales: see `kam.promise.result`.
    """
    _name = 'kam.promise'
    _description = "Promise of a Tier"
    _order = 'tier_id, sequence, id'

    name = fields.Char(string="Promise", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    tier_id = fields.Many2one('kam.tier', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', related='tier_id.program_id', store=True, index=True)
    description = fields.Text(translate=True, help="In words that the customer could read.")
    role_id = fields.Many2one(
        'kam.role', string="Keeper", required=True, index=True, ondelete='restrict',
        help="Whoever holds this seat at the account keeps the promise; without one the account manager.")
    check = fields.Selection([
        ('issue_response', "Issues answered in time"),
        ('issue_resolution', "Issues resolved in time"),
        ('visit', "Visits on time"),
        ('delivery', "Deliveries on time"),
        ('filter', "Records that match a filter"),
        ('manual', "Confirmed by hand"),
    ], required=True, default='manual',
        help="Where the answer comes from. Deliveries need the app Inventory.")
    target_percent = fields.Float(
        string="Target (%)", default=95.0, aggregator=None,
        help="From this share on the promise counts as kept in a month.")
    model_id = fields.Many2one(
        'ir.model', string="Records", ondelete='cascade',
        domain=[('transient', '=', False), ('abstract', '=', False)])
    model = fields.Char(related='model_id.model')
    partner_field_id = fields.Many2one(
        'ir.model.fields', string="Customer In", ondelete='cascade',
        domain="[('model_id', '=', model_id), ('ttype', '=', 'many2one'), ('store', '=', True),"
               " ('relation', 'in', ('res.partner', 'kam.account'))]",
        help="The field that names the customer or the account.")
    date_field_id = fields.Many2one(
        'ir.model.fields', string="Day In", ondelete='cascade',
        domain="[('model_id', '=', model_id), ('ttype', 'in', ('date', 'datetime')), ('store', '=', True)]",
        help="The field that says to which month a record belongs.")
    due_domain = fields.Char(string="Counted Records", default='[]')
    kept_domain = fields.Char(string="Of Them Kept", default='[]')
    result_ids = fields.One2many('kam.promise.result', 'promise_id', string="Results")
    kept_percent = fields.Float(
        string="Kept (%)", compute='_compute_kept_percent', help="Over all accounts in the last twelve months.")

    _target = models.Constraint(
        'CHECK (target_percent > 0 AND target_percent <= 100)', "A target lies between 1 and 100 percent.")

    def _compute_kept_percent(self):
        since = fields.Date.context_today(self) + relativedelta(months=-12, day=1)
        sums = {promise: (kept, total) for promise, kept, total in self.env['kam.promise.result']._read_group(
            [('promise_id', 'in', self.ids), ('date', '>=', since)], ['promise_id'], ['kept:sum', 'total:sum'])}
        for promise in self:
            kept, total = sums.get(promise, (0, 0))
            promise.kept_percent = 100.0 * kept / total if total else 0

    @api.depends('name', 'tier_id')
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = f"{promise.name} ({promise.tier_id.name})"

    @api.constrains('check', 'model_id', 'partner_field_id', 'date_field_id', 'due_domain', 'kept_domain')
    def _check_check(self):
        for promise in self:
            if promise.check == 'delivery' and 'stock.picking' not in self.env:
                raise ValidationError(self.env._(
                    "%s: deliveries are counted by the app Inventory, which is not installed. Choose another check.",
                    promise.name))
            if promise.check == 'filter':
                promise._check_filter()

    def _check_filter(self):
        fields_ = self.partner_field_id | self.date_field_id
        if len(fields_) < 2 or fields_.model_id != self.model_id or (
                self.partner_field_id.relation not in ('res.partner', 'kam.account')):
            raise ValidationError(self.env._(
                "%s: choose the records, and which of their fields name the customer and the day.", self.name))
        for domain in (self.due_domain, self.kept_domain):
            try:
                # As OdooBot: whether the condition can be read, not what it finds.
                self.env[self.model_id.model].sudo().search(literal_eval(domain or '[]'), limit=1)
            except (ValueError, TypeError, SyntaxError, KeyError, AttributeError) as error:
                raise ValidationError(self.env._(
                    "%(promise)s: the condition %(domain)s cannot be used: %(error)s",
                    promise=self.name, domain=domain, error=error)) from error

    def action_open_results(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_promise_result_action')
        return dict(action, name=self.name, domain=[('promise_id', '=', self.id)], context={})
