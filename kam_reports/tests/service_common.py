from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.kam_management.tests.service_common import ServiceCase

from .common import PackMixin

# A Wednesday at noon, in UTC.
NOW = '2026-06-10 12:00:00'


class ServicePackCase(PackMixin, ServiceCase):
    """Issues, promises, risks and reviews of `acme` and `beta`, both Gold, as of 10 June 2026.

    Beta has one issue, one risk and one review, all named "Beta's". What acme has is in each test.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.allow_export(cls.champion | cls.manager | cls.colleague | cls.executive | cls.outsider)
        cls.beta.sudo().tier_id = cls.tiers['gold']
        # What tiers promise by themselves is not what these tests are about.
        cls.program.tier_ids.promise_ids.unlink()
        cls.promise = cls.env['kam.promise'].create({
            'tier_id': cls.tiers['gold'].id, 'name': "=1+1 deliveries", 'check': 'manual', 'target_percent': 90,
            'role_id': cls.env.ref('kam_management.role_service').id})

    def make_file(self, code, user, selected=None, program=None, **scope):
        with freeze_time(NOW):
            return super().make_file(code, user, selected=selected, program=program, **scope)

    # Records

    def report_issue(self, account, reported, **values):
        with freeze_time(reported):
            return self.env['kam.issue'].create({
                'name': "Gearbox runs hot", 'account_id': account.id, 'date_reported': reported, **values})

    def resolve(self, issue, moment):
        with freeze_time(moment):
            issue.write({'stage_id': self.stages['done'].id, 'resolution': "Replaced it."})
            self.env.flush_all()

    def result(self, account, month, total, kept, promise=None, keeper=None):
        promise = promise or self.promise
        rate = 100.0 * kept / total if total else 0
        return self.env['kam.promise.result'].create({
            'promise_id': promise.id, 'account_id': account.id, 'date': month, 'tier_id': account.tier_id.id,
            'role_id': promise.role_id.id, 'keeper_id': (keeper or self.service).id, 'check': promise.check,
            'total': total, 'kept': kept, 'broken': total - kept, 'rate': rate,
            'state': 'open' if not total else 'kept' if rate >= promise.target_percent else 'broken'})

    def risk(self, account, **values):
        with freeze_time(NOW):
            return self.env['kam.risk'].create({'name': "Rival", 'account_id': account.id, **values})

    def review(self, account, day, held=True, ratings=(), **values):
        """A business review; of one that is held the scorecard as {dimension: (points, words)}."""
        with freeze_time(day if held else '2026-01-01'):
            review = self.env['kam.review'].create({'account_id': account.id, 'date_due': day, **values})
            if held:
                review.action_hold()
                for rating in review.scorecard_ids.filtered(lambda rating: rating.dimension in ratings):
                    points, words = ratings[rating.dimension]
                    rating.write({'answer': points, 'words': words})
            self.env.flush_all()
        return review

    def beta_records(self):
        self.report_issue(self.beta, '2026-06-10 08:00:00', name="Beta's")
        self.risk(self.beta, name="Beta's", amount=7000, kind='reputation')
        self.review(self.beta, '2026-05-20', ratings={'satisfaction': ('3', "Beta's"), 'recommend': ('3', False)})
        self.result(self.beta, '2026-05-01', 4, 1)

    def many(self, count):
        """As many more key accounts with one of everything."""
        partners = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True} for number in range(count)])
        accounts = self.env['kam.account'].create([
            {'program_id': self.program.id, 'partner_id': partner.id} for partner in partners])
        accounts.sudo().tier_id = self.tiers['gold']
        self.env['kam.assignment'].create([
            self._seat_values(account, self.manager, 'manager') for account in accounts])
        due = fields.Date.to_date('2026-06-10')
        for number, account in enumerate(accounts):
            self.report_issue(account, '2026-06-01 08:00:00')
            self.resolve(self.report_issue(account, '2026-05-04 08:00:00'), '2026-05-06 08:00:00')
            self.result(account, '2026-05-01', 2, number % 2)
            self.risk(account, kind='contract', date_contract_end='2026-12-31', amount=10)
            self.risk(account, kind='bad_debt', amount=10)
            self.review(account, '2026-05-20', ratings={'satisfaction': ('8', "Fine")})
            self.review(account, due + timedelta(days=number - 10), held=False)
