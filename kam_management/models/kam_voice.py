from odoo import api, fields, models
from odoo.tools import SQL

from .kam_review_rating import DETRACTOR, DIMENSIONS, PROMOTER

# How a question of a survey is recognised that asks for a recommendation: in the languages of our customers.
RECOMMEND = 'recommend|empfehl|recomend|推荐|推薦'


class KamVoice(models.Model):
    """What customers say about us, from 0 to 10, at reviews and in surveys, over time (F54, F58). Nothing is stored.

    Of surveys, where that app is installed, completed entries of people of the account count, known as contacts or by
    their e-mail address: the score of those that are scored, and answers to questions with a scale. A question from 0
    to 10 that speaks of recommending counts as recommendation, all else as satisfaction. An address that is known at
    several accounts of the programme speaks for none.
    """
    _name = 'kam.voice'
    _description = "Voice of the Customer"
    _auto = False
    _order = 'date desc, id desc'
    _depends = {
        'kam.review.rating': ['account_id', 'answer', 'words', 'dimension', 'points', 'date', 'is_answered'],
        'kam.review': ['date'],
        'kam.account': ['program_id', 'tier_id'],
        'kam.account.entity': ['account_id', 'partner_id', 'program_id'],
        'res.partner': ['commercial_partner_id', 'email_normalized'],
    }

    account_id = fields.Many2one('kam.account', readonly=True)
    program_id = fields.Many2one('kam.program', readonly=True)
    tier_id = fields.Many2one('kam.tier', readonly=True)
    date = fields.Date(readonly=True)
    source = fields.Selection([
        ('review', "Review"),
        ('survey', "Survey"),
    ], readonly=True, help="Where the customer said so.")
    topic = fields.Selection(DIMENSIONS, string="About", readonly=True)
    points = fields.Float(string="0 to 10", readonly=True, digits=(16, 1), aggregator='avg')
    recommendation = fields.Integer(
        string="Net Promoter Score", readonly=True, aggregator='avg',
        help="9 and 10 count 100, up to 6 counts -100: the average is the Net Promoter Score.")
    partner_id = fields.Many2one('res.partner', string="Who Answered", readonly=True)
    words = fields.Text(string="In the Customer's Words", readonly=True, help="At reviews. Of surveys: the question.")
    review_id = fields.Many2one('kam.review', readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT voice.id, voice.account_id, account.program_id, account.tier_id, voice.date, voice.source,
                      voice.topic, voice.points, voice.partner_id, voice.words, voice.review_id,
                      CASE WHEN voice.topic = 'recommend' THEN
                           CASE WHEN voice.points >= %s THEN 100 WHEN voice.points <= %s THEN -100 ELSE 0 END
                      END AS recommendation
                 FROM (%s) voice(id, account_id, date, source, topic, points, partner_id, words, review_id)
                 JOIN kam_account account ON account.id = voice.account_id""",
            PROMOTER, DETRACTOR, SQL(" UNION ALL ").join(self._sources()))

    @api.model
    def _sources(self):
        """Selects of (id, account_id, date, source, topic, points, partner_id, words, review_id).

        Ids follow from those of the rows behind them: their remainder of 4 tells the kind, and an entry of a survey
        speaks once in each programme.
        """
        ratings = SQL(
            """SELECT id * 4::bigint, account_id, date, 'review', dimension, points::float8, NULL::int, words, review_id
                 FROM kam_review_rating WHERE is_answered""")
        return [ratings, *(self._survey_sources() if 'survey.user_input' in self.env else [])]

    @api.model
    def _survey_sources(self):
        day = self.env['kam.account.event']._local_day(SQL("entry.end_datetime"))
        done = SQL("entry.state = 'done' AND entry.test_entry IS NOT TRUE AND entry.end_datetime IS NOT NULL")
        lang = self.env.lang or 'en_US'
        scores = SQL(
            """SELECT (entry.id * steps.step + who.program_id) * 4 + 1, who.account_id, %(day)s, 'survey',
                      'satisfaction', GREATEST(entry.scoring_percentage, 0) / 10, who.partner_id,
                      COALESCE(survey.title->>%(lang)s, survey.title->>'en_US'), NULL::int
                 FROM survey_user_input entry
                 JOIN survey_survey survey ON survey.id = entry.survey_id AND survey.scoring_type != 'no_scoring'
                 JOIN (%(who)s) who ON who.entry_id = entry.id
                 JOIN (%(steps)s) steps ON TRUE
                WHERE %(done)s""", day=day, lang=lang, who=self._who_sql(), steps=self._steps_sql(), done=done)
        scales = SQL(
            """SELECT (line.id * steps.step + who.program_id) * 4 + 2, who.account_id, %(day)s, 'survey',
                      CASE WHEN question.scale_min = 0 AND question.scale_max = 10
                                AND question.title::text ~* %(recommend)s THEN 'recommend' ELSE 'satisfaction' END,
                      10.0 * (line.value_scale - question.scale_min) / (question.scale_max - question.scale_min),
                      who.partner_id, COALESCE(question.title->>%(lang)s, question.title->>'en_US'), NULL::int
                 FROM survey_user_input_line line
                 JOIN survey_question question ON question.id = line.question_id AND question.question_type = 'scale'
                 JOIN survey_user_input entry ON entry.id = line.user_input_id
                 JOIN (%(who)s) who ON who.entry_id = entry.id
                 JOIN (%(steps)s) steps ON TRUE
                WHERE %(done)s AND line.skipped IS NOT TRUE AND line.value_scale IS NOT NULL""",
            day=day, lang=lang, recommend=RECOMMEND, who=self._who_sql(), steps=self._steps_sql(), done=done)
        return [scores, scales]

    @api.model
    def _steps_sql(self):
        """By how much the ids of entries have to be apart, so that each programme has one of its own."""
        return SQL("SELECT MAX(id) + 1::bigint AS step FROM kam_program")

    @api.model
    def _who_sql(self):
        """Select of (entry_id, program_id, account_id, partner_id): to which account the person of an entry belongs."""
        return SQL(
            """SELECT said.entry_id, entity.program_id, MIN(entity.account_id) AS account_id,
                      MIN(said.partner_id) AS partner_id
                 FROM (SELECT entry.id AS entry_id, person.id AS partner_id, person.commercial_partner_id
                         FROM survey_user_input entry
                         JOIN res_partner person ON person.id = entry.partner_id
                    UNION ALL
                       SELECT entry.id, person.id, person.commercial_partner_id
                         FROM survey_user_input entry
                         JOIN res_partner person ON person.email_normalized = LOWER(TRIM(entry.email))
                        WHERE entry.partner_id IS NULL) said
                 JOIN kam_account_entity entity ON entity.partner_id = said.commercial_partner_id
             GROUP BY said.entry_id, entity.program_id
               HAVING COUNT(DISTINCT entity.account_id) = 1""")

    @api.depends('account_id', 'date')
    def _compute_display_name(self):
        for voice in self:
            voice.display_name = f"{voice.account_id.display_name} {voice.date}"

    def action_open_review(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.review', 'res_id': self.review_id.id,
            'views': [(False, 'form')]}
