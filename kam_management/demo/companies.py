"""Two companies that sell, each with accounts, bank, taxes and a currency with a rate for every month."""
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from .purchases import usd_per_euro
from .records import create, record, rows, xml_id

RATE_MONTHS = 37
COMPANIES = {
    'eu': {
        'name': "Nordwind Components GmbH", 'street': "Am Sandtorkai 41", 'city': "Hamburg", 'zip': "20457",
        'country': 'de', 'currency': 'EUR', 'email': "office@nordwind.example", 'tax': ("VAT 19%", 19)},
    'ap': {
        'name': "Nordwind Components Asia Pacific Pte. Ltd.", 'street': "8 Marina View", 'city': "Singapore",
        'zip': "018960", 'country': 'sg', 'currency': 'USD', 'email': "office@apac.nordwind.example",
        'tax': ("GST 9%", 9)},
}


def load_companies(env):
    currencies = env.ref('base.EUR') | env.ref('base.USD')
    currencies.active = True
    # In install mode a company does not install the localisation of its country.
    companies = create(env['res.company'].with_context(install_mode=True), 'company', {
        name: {
            'name': row['name'], 'street': row['street'], 'city': row['city'], 'zip': row['zip'],
            'country_id': env.ref(f"base.{row['country']}").id, 'currency_id': env.ref(f"base.{row['currency']}").id}
        for name, row in COMPANIES.items()})
    # Whoever sees everything sees these too; the administrator begins here, else the app would look empty.
    everyone = env.ref('base.user_root') | env.ref('base.user_admin')
    everyone.company_ids = [Command.link(company.id) for company in companies.values()]
    env.ref('base.user_admin').company_id = companies['eu']
    for name, company in companies.items():
        company = company.with_env(env)
        # Not on creation: an address makes partner_autocomplete ask the internet about it.
        company.email = COMPANIES[name]['email']
        # Not try_loading: its check for a loaded registry is meant for the main company during installation.
        env['account.chart.template']._load('generic_coa', company, install_demo=False)
        _localise(company, COMPANIES[name])
        _load_rates(env, company)
    env['ir.model.data']._update_xmlids([
        {'xml_id': xml_id('pricelist', 'usd'), 'noupdate': True, 'record': env['product.pricelist'].create({
            'name': "Export in US dollars", 'currency_id': env.ref('base.USD').id, 'company_id': companies['eu'].id})}])
    return companies


def _localise(company, row):
    """The generic chart takes every company for one of the United States; ours are in Germany and Singapore."""
    env = company.with_company(company).env
    of_company = [('company_id', '=', company.id)]
    company.write({
        'currency_id': env.ref(f"base.{row['currency']}").id, 'account_fiscal_country_id': company.country_id.id})
    for model in ('account.tax.group', 'account.tax'):
        env[model].search(of_company).country_id = company.country_id
    name, amount = row['tax']
    (company.account_sale_tax_id | company.account_purchase_tax_id).write({'name': name, 'amount': amount})
    domestic = env['account.fiscal.position'].search([*of_company, ('country_id', '!=', False)])
    domestic.country_id = company.country_id


def _load_rates(env, company):
    """The company's own rates: one is the company's currency, so that those of other companies do not interfere."""
    today = fields.Date.context_today(env['res.currency'])
    euro, dollar = env.ref('base.EUR'), env.ref('base.USD')
    first = today.replace(day=1) - relativedelta(months=RATE_MONTHS - 1)
    own, other = (euro, dollar) if company.currency_id == euro else (dollar, euro)
    values = [{'currency_id': own.id, 'company_id': company.id, 'name': first, 'rate': 1.0}]
    for month in range(RATE_MONTHS):
        day = first + relativedelta(months=month)
        rate = usd_per_euro(day, today)
        values.append({
            'currency_id': other.id, 'company_id': company.id, 'name': day,
            'rate': rate if other == dollar else 1 / rate})
    env['res.currency.rate'].create(values)


def load_users(env):
    companies = record(env, 'company', 'eu') | record(env, 'company', 'ap')
    inbox = env.ref('mail.group_mail_notification_type_inbox')
    return create(env['res.users'].with_context(no_reset_password=True), 'user', {
        row['id']: {
            'name': row['name'], 'login': row['login'], 'password': row['login'], 'email': row['email'],
            'function': row['function'], 'lang': 'en_US', 'tz': row['tz'],
            'company_id': record(env, 'company', row['company']).id, 'company_ids': [Command.set(companies.ids)],
            'group_ids': [Command.set((env.ref('base.group_user') | inbox).ids)],
            'signature': f"<p>{row['name']}<br/>{row['function']}</p>"}
        for row in rows('users')})


def load_rights(env):
    for row in rows('users'):
        record(env, 'user', row['id']).group_ids = [
            Command.link(env.ref(group).id) for group in row['groups'].split()]
