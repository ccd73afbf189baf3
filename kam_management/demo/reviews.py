"""Reviews that were held, with what customers said, and those that are coming."""
from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command

from .records import record, rows

DIMENSIONS = ('quality', 'cost', 'delivery', 'response', 'satisfaction', 'recommend')


def load_reviews(env):
    # Nobody is to be mailed about reviews of a company that does not exist.
    env = env(context=dict(env.context, mail_activity_quick_update=True, no_mail_to_attendees=True, dont_notify=True))
    today = fields.Date.context_today(env['kam.account'])
    for row in sorted(rows('reviews'), key=lambda row: int(row['days'])):
        _load_review(env, today, row)
    # What the nightly job would have done.
    env['kam.review']._cron_plan()


def _load_review(env, today, row):
    account = record(env, 'account', row['account'])
    day = today + timedelta(days=int(row['days']))
    while day.weekday() > 4:
        day += timedelta(days=-1 if day < today else 1)
    review = env['kam.review'].create({
        'account_id': account.id, 'kind': row['kind'], 'date_due': day, 'reason': row['reason'],
        'partner_ids': [Command.set([
            record(env, 'contact', contact).id for contact in (row['contacts'] or '').split()])]})
    if row['kind'] == 'visit' and day < today:
        start = datetime.combine(day, time(9))
        event = env['calendar.event'].create({
            'name': review.display_name, 'start': start, 'stop': start + timedelta(hours=2),
            'user_id': account.manager_id.id, 'partner_ids': [Command.set(
                (account.manager_id | account.sponsor_id).partner_id.ids + review.partner_ids.ids)]})
        review._take_meeting(event)
    if day >= today:
        return
    review.minutes = row['minutes']
    review._prepare_scorecard()
    words = dict(part.split('=', 1) for part in (row['words'] or '').split('|') if part)
    for rating, answer in zip(review.scorecard_ids.sorted('sequence'), (row['scores'] or '').split(), strict=False):
        rating.write({'answer': answer if answer != '-' else False, 'words': words.get(rating.dimension)})
    for name in (row['decisions'] or '').split('|'):
        if name:
            env['kam.review.decision'].create({
                'review_id': review.id, 'name': name, 'user_id': account.manager_id.id,
                'date_due': day + timedelta(days=21)})
    if row['state'] == 'closed':
        review.decision_ids._settle(state='noted')
    review.write({'state': row['state'], 'date_held': day, 'snapshot': review._snapshot()})


PRACTICES = (
    ('inside', 'manager', "Operations calls before a delivery is late",
     "One call a week with the dates of the next three. The customer plans around the truth instead of around hope.",
     ('manager3', 'manager2')),
    ('outside', 'champion', "Two champions instead of one",
     "One in Europe, one in Asia: they explain the programme to every department once a year.", ()),
)


def load_practices(env):
    program = env.ref('kam_management.program_default')
    for source, author, name, description, adopters in PRACTICES:
        practice = env['kam.practice'].create({
            'program_id': program.id, 'source': source, 'user_id': record(env, 'user', author).id, 'name': name,
            'description': description})
        practice.adopter_ids = [Command.set([record(env, 'user', login).id for login in adopters])]
    env['kam.audit']._cron_open()


def load_sitting(env):
    """The last sitting of the programme, with its minutes, and the one that is being prepared."""
    champion = record(env, 'user', 'champion')
    today = fields.Date.context_today(env['kam.account'])
    values = {'program_id': env.ref('kam_management.program_default').id, 'chair_id': champion.id,
              'attendee_ids': [Command.set([record(env, 'user', login).id for login in ('champion', 'executive')])]}
    last, _coming = env['kam.program.review'].create([
        {**values, 'date': today - timedelta(days=91)}, {**values, 'date': today + timedelta(days=10)}])
    last.write({
        'change_ids': [Command.clear()],
        'minutes': "No account moves this quarter. Lyon stays on probation; operations reports on its delivery dates."})
    last.write({'state': 'closed', 'record': last._record()})
