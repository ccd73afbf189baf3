"""Customers with their legal entities and contacts, and what Nordwind sells them."""
from odoo.fields import Command

from .records import create, record, rows

# Of the payment terms that Odoo brings along; 60 days come with the demo.
TERMS = {'30': 'account.account_payment_term_30days', '45': 'account.account_payment_term_45days'}


def load_products(env):
    companies = {name: record(env, 'company', name) for name in ('eu', 'ap')}
    taxes = [company.account_sale_tax_id.id for company in companies.values()]
    categories = {}
    for row in rows('products'):
        categories.setdefault(row['category'], {'name': row['category']})
    slug = {name: name.lower().replace(' & ', '_') for name in categories}
    by_category = create(
        env['product.category'], 'category', {slug[name]: values for name, values in categories.items()})
    products = create(env['product.product'], 'product', {
        row['id']: {
            'name': row['name'], 'default_code': row['code'], 'type': row['type'], 'invoice_policy': 'order',
            'list_price': float(row['price']), 'categ_id': by_category[slug[row['category']]].id,
            'taxes_id': [Command.set(taxes)], 'supplier_taxes_id': [Command.clear()]}
        for row in rows('products')})
    for row in rows('products'):
        # Cost is kept by each company in its own currency.
        products[row['id']].with_company(companies['eu']).standard_price = float(row['cost'])
        products[row['id']].with_company(companies['ap']).standard_price = float(row['cost']) * DOLLAR_PRICE
    return products


# The price list in dollars is that in euro times this, whatever the rate of the day.
DOLLAR_PRICE = 1.10


def load_customers(env):
    sixty = create(env['account.payment.term'], 'term', {'60': {
        'name': "60 Days", 'line_ids': [Command.create({'value': 'percent', 'value_amount': 100, 'nb_days': 60})]}})
    terms = {days: env.ref(term) for days, term in TERMS.items()} | sixty
    customers = rows('customers')
    by_name = {}
    # Leading companies first: a subsidiary needs its parent.
    for generation in (False, True):
        generation_rows = [row for row in customers if bool(row['parent']) is generation]
        by_name |= create(env['res.partner'], 'partner', {
            row['id']: _customer(env, row, by_name) for row in generation_rows})
    for row in customers:
        for name in ('eu', 'ap'):
            # Terms are kept by each company.
            customer = by_name[row['id']].with_company(record(env, 'company', name))
            customer.property_payment_term_id = terms[row['term']]
    domains = {row['id']: row['domain'] for row in customers}
    contacts = create(env['res.partner'], 'contact', {
        row['id']: {
            'name': row['name'], 'function': row['function'], 'parent_id': by_name[row['customer']].id,
            'type': 'contact', 'email': f"{row['id'].replace('_', '.')}@{domains[row['customer']]}"}
        for row in rows('contacts')})
    return by_name, contacts


def _customer(env, row, by_name):
    return {
        'name': row['name'], 'is_company': True, 'parent_id': by_name[row['parent']].id if row['parent'] else False,
        # A contact takes over the address of its parent; a subsidiary has its own.
        'type': 'other' if row['parent'] else 'contact',
        'street': row['street'], 'city': row['city'], 'zip': row['zip'],
        'country_id': env.ref(f"base.{row['country']}").id, 'ref': row['id'].upper().replace('_', '-'),
        'email': f"info@{row['domain']}",
        'user_id': record(env, 'user', row['salesperson']).id,
    }
