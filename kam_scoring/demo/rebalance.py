"""A lopsided team: three people carry twenty points each, a fourth one begins. Who should look after whom then?"""
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.kam_management.demo.records import create, record, rows

COLLEAGUE = {
    'name': "Lukas Weber", 'login': 'manager4', 'password': 'manager4', 'email': "lukas.weber@nordwind.example",
    'function': "Key Account Manager, Northern Europe (begins soon)", 'lang': 'en_US', 'tz': 'Europe/Berlin'}
# Where customers write in Chinese, as far as this database speaks it.
LANGUAGES = {'cn': 'zh_CN', 'hk': 'zh_TW', 'tw': 'zh_TW'}
FROZEN = ("rheinstahl", "The framework agreement is being negotiated; the board wants the same face at the table until "
                        "it is signed.")
REMARK = ("Claire carries more than she can, and nobody has looked after Pacific Crane for three months. Lukas begins "
          "with customers that one can learn on; Tobias keeps Rheinstahl until the framework agreement is signed.")


def load_rebalance(env):
    today = fields.Date.context_today(env['kam.account'])
    colleague = _load_colleague(env)
    _load_profiles(env)
    _load_languages(env)
    name, reason = FROZEN
    record(env, 'account', name).write({
        'no_move_reason': reason, 'date_no_move': today + relativedelta(months=5)})
    # Whoever takes over a customer of the highest tier is not a beginner.
    env.ref('kam_management.tier_diamond').competence_min = 3
    _ask(env, colleague, (today + relativedelta(months=2)).replace(day=1))


def _load_colleague(env):
    companies = record(env, 'company', 'eu') | record(env, 'company', 'ap')
    user = record(env, 'user', 'manager4', raise_if_not_found=False) or create(
        env['res.users'].with_context(no_reset_password=True), 'user', {'manager4': {
            **COLLEAGUE, 'company_id': companies[0].id, 'company_ids': [Command.set(companies.ids)],
            'group_ids': [Command.set((
                env.ref('base.group_user') | env.ref('mail.group_mail_notification_type_inbox')).ids)],
            'signature': f"<p>{COLLEAGUE['name']}<br/>{COLLEAGUE['function']}</p>"}})['manager4']
    user.group_ids = [Command.link(env.ref('kam_management.group_kam_user').id)]
    env['kam.profile']._ensure_profiles(user)
    return user


def _load_profiles(env):
    languages = env['res.lang'].with_context(active_test=False)
    for row in rows('looks_after', 'kam_scoring'):
        profile = env['kam.profile'].search([('user_id', '=', record(env, 'user', row['user']).id)])
        profile.write({
            'language_ids': [Command.set(languages.search([('code', 'in', row['languages'].split())]).ids)],
            'country_ids': [Command.set([env.ref(f'base.{code}').id for code in (row['countries'] or "").split()])]})
        for line, level in zip(profile.line_ids, (row['levels'] or "").split(), strict=False):
            line.level = int(level)


def _load_languages(env):
    installed = dict(env['res.lang'].get_installed())
    for country, lang in LANGUAGES.items():
        if lang in installed:
            env['kam.account'].search([
                ('country_id', '=', env.ref(f'base.{country}').id)]).partner_id.lang = lang


def _ask(env, colleague, day):
    """As the champion would: the colleague joins, and the scenarios are computed. Somebody else has to decide."""
    champion = record(env, 'user', 'champion')
    rebalance = env['kam.rebalance'].with_user(champion).sudo(False).create({
        'name': "Lukas joins: a fair load for the team", 'program_id': env.ref('kam_management.program_default').id,
        'question': 'managers', 'date': day, 'fit_language': True, 'fit_country': True,
        # At the end of a year nearly every customer has a deal that is due soon.
        'freeze_days': 14})
    rebalance.person_ids = [Command.create({'user_id': colleague.id, 'role': 'joins', 'capacity': 16})]
    rebalance.action_compute()
    rebalance.message_post(author_id=champion.partner_id.id, subtype_xmlid='mail.mt_note', body=REMARK)
