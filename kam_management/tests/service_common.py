from odoo.fields import Command

from .common import KamCase


class ServiceCase(KamCase):
    """Who is who, on top of KamCase. Company A works from Monday to Friday, 8 to 12 and 13 to 17, in UTC.

    Gold, the tier of `acme`, promises an answer within 8 working hours and a solution within 40.

    =========  =============================================================
    service    internal user without KAM group, in the service seat of `acme`
    stranger   internal user without any group or seat
    =========  =============================================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service, cls.stranger = (
            cls._user(login, 'base.group_user', cls.company_a) for login in ('kam_service', 'kam_stranger'))
        cls.env['kam.assignment'].create(cls._seat_values(cls.acme, cls.service, 'service'))
        cls.calendar = cls.company_a.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Days of eight hours", 'tz': 'UTC', 'company_id': cls.company_a.id,
            'attendance_ids': [Command.clear(), *(
                Command.create({
                    'name': "Work", 'dayofweek': str(day), 'hour_from': start, 'hour_to': start + 4,
                    'day_period': period})
                for day in range(5) for start, period in ((8, 'morning'), (13, 'afternoon')))]})
        cls.stages = {stage.kind: stage for stage in cls.env['kam.issue.stage'].search([], order='sequence desc')}
        cls.late_delivery = cls.env.ref('kam_management.issue_cause_late')

    def issue(self, user=None, **values):
        """By default reported on Friday, the 5th of June 2026, at four in the afternoon."""
        return self.as_user(self.env['kam.issue'], user or self.manager).create({
            'name': "Gearbox runs hot", 'account_id': self.acme.id, 'date_reported': '2026-06-05 16:00:00', **values})

    def activities(self, record, activity_type=None):
        domain = [('res_model', '=', record._name), ('res_id', 'in', record.ids)]
        if activity_type:
            domain.append(('activity_type_id', '=', self.env.ref(f'kam_management.{activity_type}').id))
        return self.env['mail.activity'].search(domain)
