from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

KINDS = [
    ('influence', "Influence in Its Market"),
    ('fit', "Strategic Fit"),
    ('openness', "Openness to New Ideas"),
]


class KamJudgement(models.Model):
    """What no ledger knows: what one of us thinks of a customer, with name and day (S53, S77).

    Nothing is overwritten. A new judgement ends none; on any day the latest one that is valid counts, so a past day
    can be replayed. A judgement expires, because customers change; until somebody judges anew, nothing is known. One
    without level says that what was thought does not hold any more.
    """
    _name = 'kam.judgement'
    _description = "Judgement of a Customer"
    _inherit = ['kam.account.mixin']
    _order = 'date desc, id desc'

    kind = fields.Selection(KINDS, string="What Is Judged", required=True)
    level = fields.Selection([
        ('1', "1 – very low"),
        ('2', "2 – low"),
        ('3', "3 – medium"),
        ('4', "4 – high"),
        ('5', "5 – very high"),
    ], help="Empty: the judgement before it does not hold any more, and there is no new one.")
    level_text = fields.Char(string="Judgement", compute='_compute_level_text')
    user_id = fields.Many2one(
        'res.users', string="Judged by", required=True, readonly=True, index=True, ondelete='restrict',
        default=lambda self: self.env.user)
    date = fields.Date(string="Judged on", required=True, readonly=True, default=lambda self: fields.Date.today())
    date_end = fields.Date(
        string="Expires on", compute='_compute_date_end', store=True, readonly=False, precompute=True,
        help="From this day on it does not count any more. The programme says how long judgements last at most.")
    reason = fields.Text(help="What you have seen or heard that makes you think so.")
    state = fields.Selection([
        ('current', "Counts"),
        ('replaced', "Replaced"),
        ('expired', "Expired"),
    ], compute='_compute_state', search='_search_state')

    _dates = models.Constraint('CHECK (date_end > date)', "A judgement holds for at least one day.")
    _latest_idx = models.Index('(account_id, kind, date DESC, id DESC)')

    @api.depends('account_id', 'date')
    def _compute_date_end(self):
        # Only of new ones: neither another limit nor a merge of accounts moves the end of what was said.
        for judgement in self:
            if not judgement._origin:
                judgement.date_end = judgement._latest_end()

    def _latest_end(self):
        # A setting of the programme, no secret (sudo).
        months = self.account_id.sudo().program_id.judgement_months
        return self.date + relativedelta(months=months) if self.date and months else False

    @api.depends('account_id', 'kind')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for judgement in self:
            judgement.display_name = f"{judgement.account_id.display_name or ''}: {kinds.get(judgement.kind, '')}"

    @api.depends_context('lang')
    @api.depends('kind', 'level')
    def _compute_level_text(self):
        """In the words of the kind: a 5 of influence leads its market."""
        words = self.env['kam.account']._judgement_words()
        for judgement in self:
            judgement.level_text = words.get(judgement.kind, {}).get(judgement.level) or self.env._(
                "Not known any more")

    @api.depends('account_id', 'kind', 'level', 'date', 'date_end')
    def _compute_state(self):
        today = fields.Date.today()
        current = set()
        if self.account_id.ids:
            self.flush_model()
            current = {row[0] for row in self.env.execute_query(self._current_sql(
                SQL("judgement.account_id = ANY(%s)", self.account_id.ids), today))}
        for judgement in self:
            if judgement.date_end and judgement.date_end <= today:
                judgement.state = 'expired'
            else:
                judgement.state = 'current' if judgement._origin.id in current else 'replaced'

    @api.model
    def _search_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today = fields.Date.today()
        self.flush_model()
        current = self._current_sql(SQL("TRUE"), today)
        found = {
            'current': Domain.custom(to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT id FROM (%s) latest)", SQL.identifier(alias, 'id'), current)),
            'expired': Domain('date_end', '<=', today)}
        found['replaced'] = ~(found['current'] | found['expired'])
        return Domain.OR(found[state] for state in value if state in found)

    @api.model
    def _current_sql(self, condition, day):
        """Select of (id, account_id, kind, level): of each account and kind the latest judgement valid on a day.

        level is NULL where the latest one says that nothing is known. The caller flushes.

        :param condition: SQL on `judgement` (kam_judgement)
        """
        return SQL(
            """SELECT DISTINCT ON (judgement.account_id, judgement.kind)
                      judgement.id, judgement.account_id, judgement.kind, judgement.level
                 FROM kam_judgement judgement
                WHERE judgement.date <= %(day)s AND (judgement.date_end IS NULL OR judgement.date_end > %(day)s)
                  AND %(condition)s
             ORDER BY judgement.account_id, judgement.kind, judgement.date DESC, judgement.id DESC""",
            day=day, condition=condition)

    # In one's own name, today, and for good

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            today = fields.Date.today()
            for vals in vals_list:
                if (vals.get('user_id') or self.env.uid) != self.env.uid or (
                        fields.Date.to_date(vals.get('date')) or today) != today:
                    raise UserError(self.env._("You judge in your own name, today. Leave out author and day."))
                # Said here: a context, or a default that somebody has set, must not say it.
                vals.update(user_id=self.env.uid, date=today)
        judgements = super().create(vals_list)
        if not self.env.su:
            judgements._check_end()
        judgements._tell()
        return judgements

    def write(self, vals):
        """Nobody has the right to write judgements; this also names the way out."""
        if not self.env.su:
            raise AccessError(self.env._(
                "What was judged stays as it was said. Add a new judgement; it counts instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_champion(self):
        for judgement in self:
            if not self.env.su and not judgement.program_id._is_decided_by(self.env.user):
                raise AccessError(self.env._(
                    "Only a champion of %s deletes judgements.", judgement.program_id.name))

    def unlink(self):
        """A champion can take out what should never have been said; the chatter keeps whose it was."""
        texts = [(judgement.account_id, self.env._(
            "Judgement deleted: %(kind)s, by %(person)s on %(date)s.", person=judgement.user_id.name,
            date=format_date(self.env, judgement.date), kind=judgement._kind_text())) for judgement in self]
        result = super().unlink()
        self._log(texts)
        return result

    def _check_end(self):
        for judgement in self:
            latest = judgement._latest_end()
            if latest and (not judgement.date_end or judgement.date_end > latest):
                raise UserError(self.env._(
                    "Judgements in %(program)s last until %(date)s at most, then somebody judges anew.",
                    program=judgement.program_id.name, date=latest))

    def _kind_text(self):
        return dict(self._fields['kind']._description_selection(self.env))[self.kind]

    def _tell(self):
        self._log([(judgement.account_id, " ".join(filter(None, (
            self.env._("%(kind)s judged: %(level)s.", kind=judgement._kind_text(), level=judgement.level_text),
            judgement.reason)))) for judgement in self])

    @api.model
    def _log(self, texts):
        """Notes in the chatter of accounts, as the tracking of a field would leave them: [(account, text)]."""
        if self.env.context.get('tracking_disable') or self.env.context.get('mail_notrack'):
            return
        for account, text in texts:
            account._message_log(body=text)
