from odoo import models
from odoo.tools import SQL, formatLang


class KamProgram(models.Model):
    """How much one person carries (S86, F47, F68). Limits warn with the numbers; they never block."""
    _inherit = 'kam.program'

    def _load_limits(self, user):
        """Limits of one person: {'points': workload points, 'accounts': managed, 'sponsored': accounts}; 0 = none.

        Those of the person's profile come before those of the programme.
        """
        # The capacity of a person is no secret, whoever assigns (sudo).
        profile = self.env['kam.profile'].sudo().search([('user_id', '=', user.id)])
        return {**profile._limits(self), 'sponsored': self.sponsor_load_limit}

    def _loads(self, users, kind='manager'):
        """{user id: (accounts, points)} of what these people carry today, over all programmes.

        Points are the workload points of the tier times the share of the seat. Counted whoever may see the accounts:
        a load is a load.
        """
        for model, names in (('kam.assignment', ['is_current', 'user_id', 'account_id', 'role', 'workload_share']),
                             ('kam.account', ['tier_id', 'active']), ('kam.tier', ['workload_points'])):
            self.env[model].flush_model(names)
        return {user_id: (count, points) for user_id, count, points in self.env.execute_query(SQL(
            """SELECT seat.user_id, COUNT(DISTINCT seat.account_id),
                      SUM(tier.workload_points * seat.workload_share / 100)
                 FROM kam_assignment seat
                 JOIN kam_account account ON account.id = seat.account_id AND account.active
                 JOIN kam_tier tier ON tier.id = account.tier_id
                WHERE seat.is_current AND seat.role = %s AND seat.user_id = ANY(%s)
             GROUP BY seat.user_id""", kind, users.ids))}

    def _load_warning(self, user, kind, seats):
        """In words, the limits that `user` exceeds with these seats; empty where there is room.

        :param kind: 'manager' or 'sponsor'; nobody is warned about seats in a team
        :param seats: seats to come; those that `user` holds already count once
        """
        self.ensure_one()
        if kind not in ('manager', 'sponsor'):
            return ""
        new = seats.filtered(
            lambda seat: not (seat._origin.is_current and seat._origin.user_id == user and seat._origin.role == kind))
        accounts, points = self._loads(user, kind).get(user.id, (0, 0.0))
        accounts += len(new.account_id)
        points += sum(seat.account_id.tier_id.workload_points * seat.workload_share / 100 for seat in new)
        limits = self._load_limits(user)
        warnings = []
        if kind == 'sponsor' and 0 < limits['sponsored'] < accounts:
            warnings.append(self.env._(
                "%(person)s would sponsor %(count)s accounts; the limit is %(limit)s.",
                person=user.name, count=accounts, limit=limits['sponsored']))
        if kind == 'manager' and 0 < limits['points'] < points:
            warnings.append(self.env._(
                "%(person)s would carry %(points)s points; the limit is %(limit)s.", person=user.name,
                points=formatLang(self.env, points, digits=1), limit=formatLang(self.env, limits['points'], digits=1)))
        if kind == 'manager' and 0 < limits['accounts'] < accounts:
            warnings.append(self.env._(
                "%(person)s would manage %(count)s accounts; the limit is %(limit)s.",
                person=user.name, count=accounts, limit=limits['accounts']))
        return "\n".join(warnings)
