from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class KamStakeholder(models.Model):
    """The last two-way contact with a person (F41), from what happened in Odoo; nothing is typed in.

    Two-way: the person wrote to us, sat in a meeting with one of us that nobody of the two declined, or somebody of us
    logged a call. A mail that only we wrote is none.
    """
    _inherit = 'kam.stakeholder'

    date_last_contact = fields.Date(string="Last Two-Way Contact", compute='_compute_contact')
    is_live = fields.Boolean(
        string="Live Contact", compute='_compute_contact', search='_search_is_live',
        help="In contact with us within the days that the programme allows, and still there.")

    @api.depends('partner_id', 'date_left', 'active')
    def _compute_contact(self):
        days = {}
        if self.ids:
            self._flush_contacts()
            days = dict(self.env.execute_query(SQL(
                "SELECT stakeholder_id, MAX(day) FROM (%s) contact GROUP BY stakeholder_id",
                self._contacts_sql(SQL("stakeholder.id = ANY(%s)", self.ids)))))
        today = fields.Date.context_today(self)
        for person in self:
            day = days.get(person.id)
            limit = person.program_id.sudo().contact_live_days  # a setting of the programme, no secret
            person.date_last_contact = day
            person.is_live = bool(
                day and day >= today - timedelta(days=limit) and person.active and not person.date_left)

    def _last_contacts_by_user(self):
        """{(stakeholder id, user id): day of the last contact of the two}"""
        if not self.ids:
            return {}
        self._flush_contacts()
        return {(stakeholder, user): day for stakeholder, user, day in self.env.execute_query(SQL(
            "SELECT stakeholder_id, user_id, MAX(day) FROM (%s) contact GROUP BY stakeholder_id, user_id",
            self._contacts_sql(SQL("stakeholder.id = ANY(%s)", self.ids))))}

    @api.model
    def _flush_contacts(self):
        for model, names in (
            ('kam.stakeholder', ['account_id', 'program_id', 'partner_id', 'active', 'date_left', 'buying_role']),
            ('kam.program', ['contact_live_days']), ('res.users', ['partner_id', 'share']),
            ('calendar.event', ['active', 'stop', 'partner_ids']), ('calendar.attendee', ['state']),
            ('mail.message', ['author_id', 'message_type', 'date', 'model', 'res_id', 'mail_activity_type_id',
                              'parent_id', 'partner_ids']),
            ('mail.activity.type', ['category']), ('crm.lead', ['partner_id']),
        ):
            self.env[model].flush_model(names)

    @api.model
    def _contacts_sql(self, condition):
        """Select of (stakeholder_id, user_id, day), one row per contact and person of ours in it.

        Raw SQL, past the rules of mails and meetings: only days and colleagues are told. user_id is NULL where the
        customer wrote to nobody in particular. LATERAL, person by person: each part goes through an index.

        :param condition: SQL on `stakeholder` (kam_stakeholder)
        """
        return SQL(
            """SELECT stakeholder.id AS stakeholder_id, contact.user_id, contact.day
                 FROM kam_stakeholder stakeholder
                 JOIN LATERAL (%(mails)s UNION ALL %(meetings)s UNION ALL %(calls)s) contact ON TRUE
                WHERE %(condition)s""",
            mails=self._mails_sql(), meetings=self._meetings_sql(), calls=self._calls_sql(), condition=condition)

    @api.model
    def _mails_sql(self):
        """What the person wrote, to whoever of us it went or whose message it answers."""
        return SQL(
            """SELECT ours.id AS user_id, message.date::date AS day
                 FROM mail_message message
            LEFT JOIN mail_message question ON question.id = message.parent_id
            LEFT JOIN LATERAL (
                   SELECT addressee.id FROM res_users addressee
                    WHERE NOT addressee.share AND (
                          addressee.partner_id = question.author_id OR addressee.partner_id IN (
                            SELECT recipient.res_partner_id FROM mail_message_res_partner_rel recipient
                             WHERE recipient.mail_message_id = message.id))
                 ) ours ON TRUE
                WHERE message.author_id = stakeholder.partner_id AND message.message_type IN ('email', 'comment')""")

    @api.model
    def _meetings_sql(self):
        return SQL(
            "SELECT user_id, day FROM (%s) meeting WHERE meeting.partner_id = stakeholder.partner_id",
            self._all_meetings_sql())

    @api.model
    def _all_meetings_sql(self):
        """Select of (partner_id, user_id, day) of whoever met, one row per pair."""
        return SQL(
            """SELECT theirs.res_partner_id AS partner_id, colleague.id AS user_id, event.stop::date AS day
                 FROM calendar_event_res_partner_rel theirs
                 JOIN calendar_event event ON event.id = theirs.calendar_event_id AND event.active
                      AND event.stop <= NOW() AT TIME ZONE 'UTC'
                 JOIN calendar_event_res_partner_rel ours ON ours.calendar_event_id = event.id
                 JOIN res_users colleague ON colleague.partner_id = ours.res_partner_id AND NOT colleague.share
                WHERE NOT EXISTS (
                    SELECT 1 FROM calendar_attendee answer
                     WHERE answer.event_id = event.id AND answer.state = 'declined'
                       AND answer.partner_id IN (ours.res_partner_id, theirs.res_partner_id))""")

    @api.model
    def _calls_sql(self):
        """Calls that were planned as activities and done: with the person, or on an opportunity of the person."""
        return SQL(" UNION ALL ").join(self._call_kinds())

    @api.model
    def _call_kinds(self):
        return [SQL(
            """SELECT caller.id AS user_id, message.date::date AS day
                 FROM mail_message message
                 JOIN mail_activity_type kind ON kind.id = message.mail_activity_type_id AND kind.category = 'phonecall'
            LEFT JOIN res_users caller ON caller.partner_id = message.author_id AND NOT caller.share
                 %s""", where) for where in (
            SQL("WHERE message.model = 'res.partner' AND message.res_id = stakeholder.partner_id"),
            SQL("WHERE message.model = 'kam.stakeholder' AND message.res_id = stakeholder.id"),
            SQL("""JOIN crm_lead lead ON lead.id = message.res_id AND lead.partner_id = stakeholder.partner_id
                  WHERE message.model = 'crm.lead'"""))]

    @api.model
    def _contact_days_sql(self, condition):
        """Select of (stakeholder_id, day) of the contacts of `_contacts_sql`, for very many people.

        Each kind by itself and without who of us it was, so that PostgreSQL joins whole tables instead of going from
        person to person.

        :param condition: SQL on `stakeholder` (kam_stakeholder)
        """
        mails = SQL(
            """JOIN mail_message message ON message.author_id = stakeholder.partner_id
                    AND message.message_type IN ('email', 'comment')""")
        meetings = SQL("JOIN (%s) meeting ON meeting.partner_id = stakeholder.partner_id", self._all_meetings_sql())
        calls = [SQL("JOIN LATERAL (%s) call ON TRUE", kind) for kind in self._call_kinds()]
        return SQL(" UNION ALL ").join(SQL(
            "SELECT stakeholder.id AS stakeholder_id, %s AS day FROM kam_stakeholder stakeholder %s WHERE %s",
            day, join, condition) for day, join in (
                (SQL("message.date::date"), mails), (SQL("meeting.day"), meetings),
                *((SQL("call.day"), join) for join in calls)))

    @api.model
    def _live_sql(self, condition, besides=None):
        """Select of the ids of live people.

        :param condition: SQL on `stakeholder` (kam_stakeholder)
        :param besides: ids of users whose contacts do not count
        """
        others = SQL("AND (contact.user_id IS NULL OR contact.user_id != ALL(%s))", list(besides)) if besides else SQL()
        return SQL(
            """SELECT DISTINCT contact.stakeholder_id AS id
                 FROM (%(contacts)s) contact
                 JOIN kam_stakeholder person ON person.id = contact.stakeholder_id
                 JOIN kam_program program ON program.id = person.program_id
                WHERE contact.day >= %(today)s - program.contact_live_days %(others)s""",
            contacts=self._contacts_sql(SQL(
                "stakeholder.active AND stakeholder.date_left IS NULL AND (%s)", condition)),
            today=fields.Date.context_today(self), others=others)

    @api.model
    def _search_is_live(self, operator, value):
        if operator != 'in':
            return NotImplemented
        self._flush_contacts()
        ids = [person_id for person_id, in self.env.execute_query(self._live_sql(SQL("TRUE")))]
        return Domain('id', 'in' if True in value else 'not in', ids)
