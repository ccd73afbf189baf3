from odoo import api, fields, models


class KamStakeholder(models.Model):
    """A contact who has left (F44): noticed when the contact is archived, changes the company, or mails come back."""
    _inherit = 'kam.stakeholder'

    date_left = fields.Date(string="Left On", tracking=True, copy=False)
    left_reason = fields.Selection([
        ('archived', "Contact was archived"),
        ('moved', "Works for another company"),
        ('bounced', "Mails come back"),
        ('told', "Somebody told us"),
    ], copy=False, readonly=True, string="How We Know")
    left_activity_id = fields.Many2one('mail.activity', copy=False, readonly=True, ondelete='set null')

    def write(self, vals):
        if 'date_left' in vals and not vals.get('left_reason'):
            vals = dict(vals, left_reason='told' if vals['date_left'] else False)
        return super().write(vals)

    def action_has_left(self):
        self.check_access('write')
        self.filtered(lambda person: not person.date_left)._leave('told')

    def action_is_back(self):
        self.check_access('write')
        self._come_back()

    def _is_inside(self):
        """Whether the person works for one of the legal entities of the account."""
        return self.partner_id.commercial_partner_id in self.account_id.entity_ids.partner_id

    def _reason_to_leave(self, was_inside):
        if not self.partner_id.active:
            return 'archived'
        if was_inside and not self._is_inside():
            return 'moved'
        if self.partner_id.message_bounce > 0:
            return 'bounced'
        return False

    def _leave(self, reason):
        """They have left: whoever is responsible for the account is asked once who takes the role."""
        self.write({'date_left': fields.Date.context_today(self), 'left_reason': reason})
        people = self.filtered('account_id.active')
        askers = {person: person._who_finds_a_successor() for person in people}
        people = people.filtered(lambda person: askers[person])
        # Who archives a contact need not be allowed to write activities of the account (sudo).
        activities = self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create([
            person._successor_activity(askers[person]) for person in people])
        for person, activity in zip(people, activities, strict=True):
            person.left_activity_id = activity

    def _who_finds_a_successor(self):
        account = self.account_id.sudo()  # whoever archives a contact need not see the account
        users = account.manager_id | account.sponsor_id | account.program_id.champion_ids
        return users.filtered('active')[:1]

    def _successor_activity(self, user):
        # In the language of whoever reads it.
        person = self.with_context(lang=user.lang)
        roles = dict(person._fields['buying_role']._description_selection(person.env))
        role = roles.get(person.buying_role)
        summary = (person.env._("%(person)s (%(role)s) has left: who takes the role?",
                                person=person.display_name, role=role) if role else
                   person.env._("%s has left: who takes over?", person.display_name))
        return {
            'res_model_id': self.env['ir.model']._get_id('kam.account'), 'res_id': self.account_id.id,
            'activity_type_id': self.env.ref('mail.mail_activity_data_todo').id, 'summary': summary,
            'user_id': user.id, 'date_deadline': fields.Date.context_today(self)}

    def _come_back(self):
        self.sudo().left_activity_id.unlink()  # the question has answered itself, whoever was asked
        self.write({'date_left': False, 'left_reason': False})

    @api.model
    def _follow_contacts(self, was_inside):
        """Contacts have changed: who has left, and who is back?

        :param dict was_inside: whether the person worked for the account before, by person
        """
        leaving, back = {}, self.browse()
        for person, inside in was_inside.items():
            reason = person._reason_to_leave(inside)
            if reason and not person.date_left:
                leaving.setdefault(reason, []).append(person.id)
            elif not reason and person.left_reason in ('archived', 'bounced'):
                back += person
            elif person.left_reason == 'moved' and person._is_inside() and not reason:
                back += person
        for reason, ids in leaving.items():
            self.browse(ids)._leave(reason)
        if back:
            back._come_back()
