from datetime import timedelta

from odoo import fields

from odoo.addons.kam_management.tests.common import KamCase


class RebalanceCase(KamCase):
    """A lopsided team, on top of KamCase: all seats since 2024-01-01, points by tier (Diamond 5, Gold 4, Strategic 3).

    ======  ==========================================  =====================
    person  manages                                     points
    ======  ==========================================  =====================
    ann     Gold1 … Gold6 (Gold)                        24
    bob     Mini (Strategic)                            3
    cyd     nothing, and is not on the list
    ======  ==========================================  =====================

    `executive` sponsors all of them. acme, beta and free are out of the way. `champion` asks, `champion2` decides.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.acme | cls.beta | cls.free).sudo().active = False
        cls.ann, cls.bob, cls.cyd = (
            cls._user(f'kam_{name}', 'kam_management.group_kam_user', cls.company_a) for name in ('ann', 'bob', 'cyd'))
        for user in (cls.ann, cls.bob, cls.cyd):
            user.name = user.login.removeprefix('kam_').capitalize()
        cls.golds = cls.env['kam.account'].union(*(
            cls._account(f"Gold{number}", 'gold', cls.ann) for number in range(1, 7)))
        cls.mini = cls._account("Mini", 'strategic', cls.bob)
        cls.program.write({'manager_load_limit': 0, 'manager_account_limit': 0, 'sponsor_load_limit': 0})
        cls.day = fields.Date.today() + timedelta(days=30)

    @classmethod
    def _account(cls, name, value_class, manager=None, sponsor=None, **values):
        partner = cls.env['res.partner'].create({'name': name, 'is_company': True, **values})
        account = cls.env['kam.account'].create({
            'program_id': cls.program.id, 'partner_id': partner.id, 'tier_id': cls.tiers['general'].id})
        account.sudo().tier_id = cls.tiers[value_class]
        cls.env['kam.assignment'].create([
            cls._seat_values(account, user, role)
            for role, user in (('manager', manager), ('sponsor', sponsor or cls.executive)) if user])
        return account

    def rebalance(self, user=None, **values):
        return self.as_user(self.env['kam.rebalance'], user or self.champion).create({
            'name': "Spring", 'program_id': self.program.id, 'date': self.day, **values})

    def computed(self, user=None, **values):
        rebalance = self.rebalance(user, **values)
        rebalance.action_compute()
        return rebalance

    def approved(self, **values):
        rebalance = self.computed(**values)
        self.as_user(rebalance, self.champion2).action_approve()
        return rebalance

    def done(self, **values):
        rebalance = self.approved(**values)
        rebalance.action_carry_out()
        self.env.flush_all()
        return rebalance

    def scenario(self, rebalance, kind):
        return rebalance.scenario_ids.filtered(lambda scenario: scenario.kind == kind)

    def person(self, rebalance, user):
        return rebalance.person_ids.filtered(lambda person: person.user_id == user)

    def moves(self, rebalance):
        """Accounts that move in the chosen scenario."""
        return rebalance.scenario_id.move_ids.filtered('is_move')

    def move_of(self, rebalance, account, kind=None):
        scenario = self.scenario(rebalance, kind) if kind else rebalance.scenario_id
        return scenario.move_ids.filtered(lambda move: move.account_id == account)

    def loads(self, scenario):
        return {load.user_id.name: load.points_after for load in scenario.load_ids}

    def seat(self, account, role='manager'):
        return account.assignment_ids.filtered(lambda seat: seat.role == role and not seat.date_to)

    def seat_rows(self):
        """All seats of the programme as they are in the database, without who wrote them when."""
        self.env.flush_all()
        self.cr.execute(
            """SELECT id, account_id, user_id, role_id, date_from, date_to, workload_share, duty, is_current
                 FROM kam_assignment WHERE program_id = %s ORDER BY id""", [self.program.id])
        return self.cr.fetchall()
