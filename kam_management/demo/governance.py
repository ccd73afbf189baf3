"""How the programme is governed: criteria, told customers, exceptions, reviews, what people are good at, notes."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields

from .records import record, rows

CRITERIA = {
    'diamond': ("Two years in a row more than EUR 1.3 million of revenue over all legal entities, margin of at least "
                "35 percent, pays within terms, and opens markets for us.",
                "Engineer on site within 24 hours (service). Two weeks of capacity kept free (operations). Visit of a "
                "member of the board every quarter. First call on new products."),
    'gold': ("More than EUR 0.6 million of revenue, margin of at least 33 percent, buys from at least two categories.",
             "Answer of the hotline within 4 hours (service). Yearly technical exchange. Executive visit "
             "twice a year."),
    'strategic': ("More than EUR 0.3 million of revenue and growth of 10 percent, or influence on what others buy.",
                  "One contact for everything. Executive visit twice a year."),
}
# Customer: months since it was told.
TOLD = {'rheinstahl': 24, 'shenda': 22, 'aerodyn': 23, 'mueller': 18, 'taiwan_precision': 15, 'great_lakes': 17,
        'tanaka': 16, 'norsk_havkraft': 9, 'lyon_hydraulique': 13, 'zhilian': 7}
# Tier change: reason of the exception, days from today on which it ends.
EXCEPTIONS = {
    'pacific_strategic': ("The only supplier for port cranes on the west coast that will buy from us; revenue "
                          "follows.", 120),
    'ironbridge_strategic': ("Awarded the framework of the UK infrastructure programme, volume expected "
                             "next year.", -12),
}
# Reviews that took place: months ago, {customer: note of a failed one}
REVIEWS = {
    6: {},
    3: {'lyon_hydraulique': "Revenue and payment both fall. Probation until the end of next quarter."},
}
LEVELS = {
    'manager': (4, 3, 4, 5, 4), 'manager2': (3, 4, 2, 4, 3), 'manager3': (2, 3, 3, 4, 2)}


def load_governance(env):
    today = fields.Date.context_today(env['kam.account'])
    program = env.ref('kam_management.program_default')
    program.write({
        'phase': 'roll_out', 'date_start': today - relativedelta(months=25),
        'date_next_review': today + timedelta(days=10), 'manager_load_limit': 24})
    for value_class, (criteria, promise) in CRITERIA.items():
        env.ref(f'kam_management.tier_{value_class}').write({'criteria': criteria, 'promise': promise})
    for name, months in TOLD.items():
        record(env, 'account', name).date_told = today - relativedelta(months=months)
    _load_exceptions(env, today)
    _load_reviews(env, program, today)
    _load_people(env)
    _load_lost(env, today)
    _load_handover(env, today)
    for row in rows('notes'):
        env['kam.note'].create({
            'account_id': record(env, 'account', row['account']).id, 'user_id': record(env, 'user', row['user']).id,
            'date': today - timedelta(days=int(row['days'])), 'body': row['body']})


def _load_exceptions(env, today):
    for name, (reason, days) in EXCEPTIONS.items():
        record(env, 'tier_change', name).write({
            'criteria_state': 'not_met', 'is_exception': True, 'exception_reason': reason, 'exception_state': 'open',
            'exception_until': today + timedelta(days=days)})
    # What the nightly job would have done: an activity, and a place on the next review.
    env['kam.tier.change']._cron_expire_exceptions()


def _load_reviews(env, program, today):
    champion = record(env, 'user', 'champion')
    accounts = env['kam.account'].search([('program_id', '=', program.id), ('is_key', '=', True)])
    for months, failed in REVIEWS.items():
        day = today - relativedelta(months=months)
        failed = {record(env, 'account', name): note for name, note in failed.items()}
        env['kam.tier.review'].create([
            {
                'account_id': account.id, 'tier_id': account.tier_id.id, 'date': day, 'date_done': day,
                'verdict': 'failed' if account in failed else 'passed', 'note': failed.get(account),
                'reviewer_id': champion.id}
            for account in accounts])
    lyon = record(env, 'account', 'lyon_hydraulique')
    lyon.write({
        'probation_plan': "Claire offers the mobile valve block as a package until the end of the month; "
                          "finance agrees "
                          "on terms of 30 days; technical exchange with their development in Lyon.",
        'date_probation_end': today + timedelta(days=40)})
    lyon.date_probation_start = today - relativedelta(months=3)
    env['kam.tier.review']._make_lists(program)


def _load_people(env):
    for name, levels in LEVELS.items():
        profile = env['kam.profile'].search([('user_id', '=', record(env, 'user', name).id)])
        for line, level in zip(profile.line_ids, levels, strict=True):
            line.level = level
    senior = env['kam.profile'].search([('user_id', '=', record(env, 'user', 'manager').id)])
    senior.career_step = 'director'
    junior = env['kam.profile'].search([('user_id', '=', record(env, 'user', 'manager3').id)])
    finance = junior.line_ids[0].competency_id
    junior.workload_capacity = 18
    junior.activity_schedule(
        'mail.mail_activity_data_todo', summary=f"Training: {finance.name}", user_id=junior.user_id.id,
        date_deadline=fields.Date.context_today(junior) + timedelta(days=30))
    service = env['kam.assignment'].search([('role_id', '=', env.ref('kam_management.role_service').id)])
    service.workload_share = 40


def _load_handover(env, today):
    """Planned by the champion, with a checklist for both."""
    seat = record(env, 'account', 'mueller').assignment_ids.filtered(lambda seat: seat.role == 'manager')
    successor = record(env, 'user', 'manager3')
    successor.notification_type = 'inbox'  # no mail leaves the demo company
    Handover = env['kam.handover'].with_user(record(env, 'user', 'champion')).sudo(False)
    Handover.with_context(mail_activity_quick_update=True).create({
        'seat_ids': seat.ids, 'user_id': successor.id, 'date': today + timedelta(days=24),
        'note': "The design review in spring is the next date. They want drawings, not slides.",
    }).action_hand_over()


def _load_lost(env, today):
    account = record(env, 'account', 'don_valley')
    account.write({
        'win_back_state': 'approach', 'date_lost': today - relativedelta(months=9),
        'lost_reason_id': env.ref('crm.lost_reason_3').id,
        'lost_note': "A competitor holds a depot in Sheffield; our lead time was six weeks and nobody told them when "
                     "it slipped."})
    # The account was lost before its seats were loaded.
    account._plan_win_back(today)
