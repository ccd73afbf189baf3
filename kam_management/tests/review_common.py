from datetime import date, datetime, time, timedelta

from freezegun import freeze_time

from odoo.fields import Command

from .common import KamCase

# A Monday. Acme's seats began two years before.
TODAY = '2026-03-02'


class ReviewCase(KamCase):
    """Who is who, on top of KamCase

    Acme is Gold: a business review every 90 days, an internal one never, a visit of the sponsor every 180 days. Nobody
    else has a cadence. Company A works from Monday to Friday in UTC. `ann` decides at Acme and has an address, `eve`
    speaks for us and has none.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.account'].search([('id', 'not in', (cls.acme | cls.beta | cls.free).ids)]).active = False
        cls.env['kam.tier'].search([]).write({
            'review_days': 0, 'internal_review_days': 0, 'sponsor_visit_days': 0})
        cls.tiers['gold'].write({'review_days': 90, 'sponsor_visit_days': 180})
        cls.program.champion_ids = cls.champion
        cls.work_hours = cls.env['resource.calendar'].create({
            'name': "Week", 'tz': 'UTC', 'company_id': cls.company_a.id, 'attendance_ids': [Command.create({
                'name': str(day), 'dayofweek': str(day), 'hour_from': 8, 'hour_to': 17}) for day in range(5)]})
        cls.company_a.resource_calendar_id = cls.work_hours
        cls.ann, cls.eve = cls.env['res.partner'].create([
            {'name': "Ann", 'parent_id': cls.acme_partner.id, 'email': "ann@example.com"},
            {'name': "Eve", 'parent_id': cls.acme_asia.id}])
        cls.env['kam.stakeholder'].create([
            {'account_id': cls.acme.id, 'partner_id': cls.ann.id, 'buying_role': 'decider'},
            {'account_id': cls.acme.id, 'partner_id': cls.eve.id, 'buying_role': 'champion'}])

    def review(self, kind='business', user=None, account=None, **values):
        with freeze_time(TODAY):
            return self.as_user(self.env['kam.review'], user or self.manager).create({
                'account_id': (account or self.acme).id, 'kind': kind, **values})

    def held(self, **values):
        review = self.review(**values)
        with freeze_time(TODAY):
            review.action_hold()
        return review

    def night(self, day, times=1):
        """What the nightly job does on that day."""
        with freeze_time(day):
            for _time in range(times):
                self.env['kam.review']._cron_plan()
                self.env.flush_all()

    def of(self, kind, account=None):
        return self.env['kam.review'].search(
            [('account_id', '=', (account or self.acme).id), ('kind', '=', kind)], order='date')

    def meet(self, day, *partners, **context):
        start = datetime.combine(day, time(9))
        return self.env['calendar.event'].with_context(
            no_mail_to_attendees=True, dont_notify=True, **context).create({
                'name': "Meeting", 'start': start, 'stop': start + timedelta(hours=1),
                'partner_ids': [Command.set(self.env['res.partner'].union(*partners).ids)]})

    def reminders(self, review):
        return self.env['mail.activity'].search([
            ('res_model', '=', 'kam.review'), ('res_id', 'in', review.ids),
            ('activity_type_id', '=', self.env.ref('kam_management.mail_activity_type_review_overdue').id)])

    def day(self, text):
        return date.fromisoformat(text)
