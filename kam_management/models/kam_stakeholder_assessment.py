from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

# How long opinions on a person are kept: by default, and at most (months).
KEPT_MONTHS, KEPT_MONTHS_MAX = 12, 36
CRITICAL = ('critic', 'opponent')
STANCES = [
    ('supporter', "Supporter"),
    ('friendly', "Friendly"),
    ('neutral', "Neutral"),
    ('critic', "Critic"),
    ('opponent', "Opponent"),
]
THREATS = [
    ('supplier', "Loses favours of the old supplier"),
    ('skills', "Fears that our system devalues skills and work"),
    ('power', "Loses influence"),
    ('past', "Bad experience with us"),
    ('other', "Other interests"),
]
HANDLINGS = [
    ('avoid', "Go round: decide without this person"),
    ('trust', "Take time and win trust"),
    ('ally', "Let another contact speak for us"),
    ('wait', "Wait until things change"),
    ('offer', "Offer something that makes up for it"),
]


def last_day(env, months):
    return fields.Date.context_today(env['kam.stakeholder']) + relativedelta(months=months)


class KamStakeholderAssessment(models.Model):
    """Is a person for or against us, why, and what we do about it (S79–S82).

    A model of its own, because it is for the account team alone: no group opens it, a current seat does (F83). It is
    kept for a purpose and until a day.
    """
    _name = 'kam.stakeholder.assessment'
    _description = "Assessment of a Stakeholder"
    _inherit = ['kam.stakeholder.detail.mixin']
    _order = 'stakeholder_id'

    stance = fields.Selection(STANCES, index=True)
    threat_kind = fields.Selection(THREATS, string="Threatened Interest")
    threat = fields.Text(string="What Is Threatened")
    handling = fields.Selection(HANDLINGS, string="How to Handle")
    handling_plan = fields.Text(string="Handling Steps")
    purpose = fields.Char(string="Purpose of the Assessment")
    date_erase = fields.Date(
        string="Erase On", required=True, index=True, default=lambda self: last_day(self.env, KEPT_MONTHS))

    _stakeholder_uniq = models.UniqueIndex('(stakeholder_id)', "This person is assessed already.")

    @api.constrains('stance', 'threat_kind', 'threat', 'handling', 'handling_plan', 'purpose')
    def _check_purpose(self):
        for assessment in self:
            if assessment._is_critical() and not (assessment.purpose or "").strip():
                raise ValidationError(self.env._(
                    "Say for what purpose you note that %s is against us or has something to lose. It is erased on the "
                    "day given.", assessment.display_name))

    @api.constrains('date_erase')
    def _check_date_erase(self):
        self._check_kept(self)

    @api.model
    def _check_kept(self, records):
        latest = last_day(self.env, KEPT_MONTHS_MAX)
        for record in records:
            if record.date_erase > latest:
                raise ValidationError(self.env._(
                    "Notes about people are kept until %s at the latest. Choose an earlier day.",
                    format_date(self.env, latest)))

    def _is_critical(self):
        return self.stance in CRITICAL or any(
            self[name] for name in ('threat_kind', 'threat', 'handling', 'handling_plan'))

    @api.model
    def _cron_erase(self):
        """Erase what was kept long enough: assessments and personal remarks."""
        for model in ('kam.stakeholder.assessment', 'kam.stakeholder.remark'):
            self.env[model].search([('date_erase', '<=', fields.Date.context_today(self))]).unlink()
