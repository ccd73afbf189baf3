from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

BUYING_ROLES = [
    ('decider', "Decider"),
    ('champion', "Internal Champion"),
    ('influencer', "Influencer"),
    ('technical', "Technical Evaluator"),
    ('buyer', "Buyer"),
    ('user', "User of Our Products"),
    ('gatekeeper', "Gatekeeper"),
]


class KamStakeholder(models.Model):
    """A person at the customer, on the relationship map of the account (F37, F38).

    Whether somebody is for or against us is no role: see `kam.stakeholder.assessment`, which the account team only
    reads. So there is no role "blocker" that would tell it to everybody else.
    """
    _name = 'kam.stakeholder'
    _description = "Stakeholder"
    _inherit = ['kam.derived.mixin', 'mail.thread', 'mail.activity.mixin']
    _mail_post_access = 'read'
    _rec_names_search = ['partner_id']
    _order = 'account_id, influence desc, id'

    account_id = fields.Many2one('kam.account', required=True, index=True, ondelete='cascade')
    program_id = fields.Many2one('kam.program', related='account_id.program_id', store=True, index=True)
    active = fields.Boolean(default=True)
    # Restrict, not cascade: the privacy lookup leaves out what cascades. See `unlink` of res.partner.
    partner_id = fields.Many2one(
        'res.partner', string="Contact Person", required=True, index=True, ondelete='restrict',
        domain="[('is_company', '=', False)]")
    entity_id = fields.Many2one(related='partner_id.commercial_partner_id', string="Legal Entity")
    account_partner_id = fields.Many2one(related='account_id.partner_id', string="Lead Entity")
    function = fields.Char(related='partner_id.function', string="Job Position", readonly=False)
    email = fields.Char(related='partner_id.email')
    phone = fields.Char(related='partner_id.phone')
    parent_id = fields.Many2one(
        'kam.stakeholder', string="Reports To", index='btree_not_null', ondelete='set null',
        domain="[('account_id', '=', account_id), ('id', '!=', id)]")
    child_ids = fields.One2many('kam.stakeholder', 'parent_id', string="Direct Reports")
    buying_role = fields.Selection(
        BUYING_ROLES, tracking=True, index=True,
        help="What this person does when the customer decides to buy. An internal champion speaks for us when we are "
             "not in the room.")
    influence = fields.Selection([
        ('0', "Unknown"),
        ('1', "Low"),
        ('2', "Medium"),
        ('3', "High"),
    ], default='0', required=True, tracking=True, help="Weight of the word of this person when decisions are taken.")
    strength = fields.Selection([
        ('0', "Unknown"),
        ('1', "Weak"),
        ('2', "Working"),
        ('3', "Strong"),
    ], string="Relationship", default='0', required=True, tracking=True,
        help="How well we know each other: weak, working, or strong enough to call at any time.")
    interest_short = fields.Text(
        string="Short-Term Interest", help="What this person has to achieve this year, and how we help.")
    interest_long = fields.Text(
        string="Long-Term Interest", help="Where this person wants to be in some years, and how we help.")
    warning = fields.Text(compute='_compute_warning')

    _partner_uniq = models.UniqueIndex(
        '(account_id, partner_id)', "This person is on the map of the account already (perhaps archived).")

    @api.depends('partner_id.name')
    def _compute_display_name(self):
        for person in self:
            # Whoever may read the map reads the names on it (contacts can be restricted).
            person.display_name = person.sudo().partner_id.name

    @api.depends('partner_id', 'account_id', 'user_ids')
    def _compute_warning(self):
        twins = self._twins()
        for person in self:
            lines = [*person._entity_warnings(), *person._coverage_warnings()]
            for twin in twins.get(person, ()):
                lines.append(self.env._(
                    "%s has the same e-mail address: is it the same person twice?", twin.display_name))
            person.warning = "\n".join(lines) or False

    def _entity_warnings(self):
        # Entities and contacts may be restricted; their names are told (sudo).
        account, partner = self.account_id.sudo(), self.partner_id.sudo()
        if partner and account and partner.commercial_partner_id not in account.entity_ids.partner_id:
            yield self.env._(
                "%(person)s belongs to %(company)s, which is no legal entity of %(account)s. Add the entity, or leave "
                "it so when this person advises the customer.",
                person=partner.name, company=partner.commercial_partner_id.name, account=account.display_name)

    def _twins(self):
        """{person: others on the same map with the same e-mail address}"""
        emails = {person: person.partner_id.sudo().email_normalized for person in self}
        others = self.sudo().search([
            ('account_id', 'in', self.account_id.ids), ('partner_id.email_normalized', 'in', [
                email for email in emails.values() if email])])
        return {
            person: others.filtered(lambda other, person=person, email=email: (
                other.account_id == person.account_id and other.partner_id.email_normalized == email
                and other != person._origin))
            for person, email in emails.items() if email}

    @api.constrains('partner_id')
    def _check_person(self):
        for person in self:
            if person.partner_id.is_company:
                raise ValidationError(self.env._(
                    "%s is a company. The map shows people: choose a person who works there.",
                    person.partner_id.display_name))

    @api.constrains('parent_id', 'account_id')
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("Reporting lines go in a circle: somebody would report to themselves."))
        for person in self:
            if person.parent_id and person.parent_id.account_id != person.account_id:
                raise ValidationError(self.env._(
                    "%(person)s cannot report to %(boss)s, who is on the map of %(account)s.",
                    person=person.display_name, boss=person.parent_id.display_name,
                    account=person.parent_id.account_id.display_name))

    def write(self, vals):
        if not self.env.su:
            for name in ('account_id', 'partner_id'):
                if name in vals and any(person[name].id != vals[name] for person in self):
                    raise UserError(self.env._(
                        "A person stays on the map of the account, with what was noted. Add the other one."))
        return super().write(vals)

    def action_open_account(self):
        self.ensure_one()
        return self.account_id._get_records_action()

    def action_schedule_meeting(self):
        """A new meeting with this person and those of us who know them."""
        self.ensure_one()
        attendees = (self.env.user | self.user_ids).partner_id | self.partner_id
        action = self.env['ir.actions.act_window']._for_xml_id('calendar.action_calendar_event')
        return dict(action, domain=[('partner_ids', 'in', self.partner_id.ids)], context={
            'default_partner_ids': attendees.ids, 'default_name': self.env._("Meeting with %s", self.display_name)})

    # Two of the same person become one, when contacts or accounts are merged

    def _merge_into(self, kept):
        """Hand everything that hangs on these people to `kept`, then delete them; history is kept as messages."""
        kept.ensure_one()
        for other in self - kept:
            (other.child_ids - kept).parent_id = kept
            known = kept.coverage_ids.user_id
            for cover in other.coverage_ids:
                if cover.user_id not in known:
                    cover.write({'stakeholder_id': kept.id, 'is_main': cover.is_main and not kept.main_user_id})
            other.remark_ids.stakeholder_id = kept
            if not kept.assessment_ids:
                other.assessment_ids.stakeholder_id = kept
            kept.write({
                name: other[name] for name in ('buying_role', 'interest_short', 'interest_long')
                if not kept[name] and other[name]})
            for name in ('influence', 'strength'):
                kept[name] = max(kept[name], other[name])
            if other.parent_id not in (kept, kept.browse()) and not kept.parent_id:
                kept.parent_id = other.parent_id
            kept._message_change_thread_from(other)
        (self - kept).unlink()

    def _message_change_thread_from(self, other):
        other.message_change_thread(self)
        other.activity_ids.write({'res_id': self.id})

    def _move_to(self, account):
        """Put these people on the map of another account; whoever is there already becomes one."""
        there = {person.partner_id: person for person in account.with_context(active_test=False).stakeholder_ids}
        for person in self:
            if person.partner_id in there:
                person._merge_into(there[person.partner_id])
        self.exists().account_id = account
