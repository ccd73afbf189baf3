"""Relationship maps: who decides at the customers, who is for and against us, who of us knows whom."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from .records import record, rows

PURPOSE = "Keep the frame contract when buying is centralised"
# What only the account team knows.
ASSESSED = {
    'lorenz': {
        'threat_kind': 'supplier',
        'threat': "Has bought from Hellmann Getriebe for twenty years; a central contract ends their invitations.",
        'handling': 'ally', 'handling_plan': "Frank Bergmann presents the savings on line 4 to Dr. Seidel in spring; "
                                             "Tobias keeps Mr. Lorenz informed, but asks him for nothing.",
        'purpose': PURPOSE},
    'yilmaz': {
        'threat_kind': 'skills', 'threat': "Her mechanics fear that monitoring makes them superfluous.",
        'handling': 'trust', 'handling_plan': "Samira trains two of them as users of the system.", 'purpose': PURPOSE},
    'brenner': {
        'threat_kind': 'power', 'threat': "A fair price would undo what he has told his board about us.",
        'handling': 'wait', 'handling_plan': "Wait for the annual talk; Martin speaks to his chief executive.",
        'purpose': "Annual price negotiation"},
}
REMARKS = (('lorenz', "manager", "Does not take calls after noon, and forgets no mistake in an offer.", PURPOSE, 6),
           ('seidel', "executive", "Decides after she has seen a plant, not after slides.", PURPOSE, 12))
# Contact: days since the mail, who of us it went to.
MAILS = {
    'kowalska': (9, 'manager'), 'lorenz': (130, 'manager'), 'krause': (18, 'manager'), 'wang_fang': (5, 'manager2'),
    'chan': (33, 'manager2'), 'mueller_j': (3, 'manager')}


def load_stakeholders(env):
    people = {}
    for row in rows('stakeholders'):
        people[row['contact']] = env['kam.stakeholder'].create({
            'account_id': record(env, 'account', row['account']).id,
            'partner_id': record(env, 'contact', row['contact']).id,
            'parent_id': row['boss'] and people[row['boss']].id, 'buying_role': row['role'],
            'influence': row['influence'], 'strength': row['strength'], 'interest_short': row['short'],
            'interest_long': row['long'],
            **({'stance': row['stance']} if row['stance'] else {}), **ASSESSED.get(row['contact'], {}),
            **({'purpose': PURPOSE} if row['stance'] in ('critic', 'opponent')
               and row['contact'] not in ASSESSED else {}),
            'coverage_ids': [Command.create({'user_id': record(env, 'user', login).id})
                             for login in (row['covers'] or '').split()]})
    today = fields.Date.context_today(env['kam.stakeholder'])
    env['kam.stakeholder.remark'].create([
        {'stakeholder_id': people[contact].id, 'user_id': record(env, 'user', login).id, 'body': body,
         'purpose': purpose, 'date_erase': today + relativedelta(months=months)}
        for contact, login, body, purpose, months in REMARKS])
    _load_mails(env)
    # He has gone to a competitor of the customer.
    record(env, 'contact', 'liu_yang').active = False


def _load_mails(env):
    now = fields.Datetime.now()
    env['mail.message'].create([
        {
            'model': 'res.partner', 'res_id': contact.id, 'author_id': contact.id, 'email_from': contact.email,
            'message_type': 'email', 'date': now - timedelta(days=days), 'subject': "Re: delivery dates",
            'body': "Thank you, that suits us.", 'subtype_id': env.ref('mail.mt_comment').id,
            'partner_ids': [Command.set(record(env, 'user', login).partner_id.ids)]}
        for contact, days, login in (
            (record(env, 'contact', name), days, login) for name, (days, login) in MAILS.items())])
