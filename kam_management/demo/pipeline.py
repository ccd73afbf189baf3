"""Opportunities, meetings and open quotations: what is going on with the customers."""
from datetime import timedelta

from odoo import fields
from odoo.fields import Command, Datetime
from odoo.tools import SQL

from .records import create, record, rows

LOST_REASONS = {'price': 'crm.lost_reason_1', 'stock': 'crm.lost_reason_3'}


def load_opportunities(env):
    now = Datetime.now()
    sellers = {row['id']: row['company'] for row in rows('customers')}
    contacts = {}
    for row in rows('contacts'):
        contacts.setdefault(row['customer'], record(env, 'contact', row['id']))
    table = {f"{number:02d}_{row['customer']}": row for number, row in enumerate(rows('opportunities'), 1)}
    leads = create(env['crm.lead'], 'opportunity', {
        name: {
            'type': 'opportunity', 'name': row['name'], 'partner_id': contacts[row['customer']].id,
            'expected_revenue': float(row['amount']) * 1000, 'user_id': record(env, 'user', row['salesperson']).id,
            'company_id': record(env, 'company', sellers[row['customer']]).id,
            'team_id': env.ref('sales_team.team_sales_department').id,
            'stage_id': env.ref(f"crm.stage_lead{row['stage']}" if row['stage'].isdigit() else 'crm.stage_lead3').id,
            'date_deadline': row['deadline'] and (now + timedelta(days=int(row['deadline']))).date()}
        for name, row in table.items()})
    for name, row in table.items():
        closed = now - timedelta(days=int(row['created']) // 3)
        if row['stage'] == 'won':
            leads[name].action_set_won()
            leads[name].date_closed = closed
        elif row['stage'] == 'lost':
            leads[name].action_set_lost(lost_reason_id=env.ref(LOST_REASONS[row['reason']]).id)
            leads[name].date_closed = closed
    env.flush_all()
    for name, row in table.items():
        # SQL: the ORM does not let one choose the day of creation, and an opportunity without age is no pipeline.
        env.execute_query(SQL(
            "UPDATE crm_lead SET create_date = %s, date_open = %s WHERE id = %s",
            now - timedelta(days=int(row['created'])), now - timedelta(days=int(row['created'])), leads[name].id))
    env['crm.lead'].invalidate_model()


def load_quotations(env):
    """A quotation for what is in the last open stage, so that open orders show up as well."""
    today = fields.Date.context_today(env['crm.lead'])
    products = ('gearbox', 'controller', 'piston_pump')
    opportunities = [
        (number, row) for number, row in enumerate(rows('opportunities'), 1) if row['stage'] == '3']
    for number, row in opportunities:
        lead = record(env, 'opportunity', f"{number:02d}_{row['customer']}")
        company_env = env(context=dict(env.context, allowed_company_ids=lead.company_id.ids))
        product = record(company_env, 'product', products[number % len(products)])
        company_env['sale.order'].create({
            'partner_id': lead.partner_id.commercial_partner_id.id, 'opportunity_id': lead.id,
            'company_id': lead.company_id.id, 'user_id': lead.user_id.id, 'state': 'sent',
            'date_order': fields.Datetime.to_datetime(today - timedelta(days=int(row['created']) // 4)),
            'validity_date': today + timedelta(days=30),
            'order_line': [Command.create({
                'product_id': product.id, 'discount': 8,
                'product_uom_qty': round(lead.expected_revenue / product.list_price / 0.92)})]})


def load_meetings(env):
    today = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
    values = {}
    for number, row in enumerate(rows('meetings'), 1):
        start = _working_day(today + timedelta(days=int(row['days'])), int(row['days'])).replace(hour=int(row['hour']))
        organizer = record(env, 'user', row['organizer'])
        partners = organizer.partner_id
        for login in (row['others'] or '').split():
            partners |= record(env, 'user', login).partner_id
        for contact in row['contacts'].split():
            partners |= record(env, 'contact', contact)
        values[f"{number:02d}_{row['customer']}"] = {
            'name': f"{record(env, 'partner', row['customer']).name}: {row['subject']}",
            'start': start, 'stop': start + timedelta(hours=float(row['hours'])), 'location': row['location'],
            'user_id': organizer.id, 'partner_ids': [Command.set(partners.ids)]}
    # Nobody is to be invited to meetings of a company that does not exist.
    events = create(
        env['calendar.event'].with_context(no_mail_to_attendees=True, dont_notify=True), 'meeting', values)
    for event in events.values():
        event.attendee_ids.with_context(dont_notify=True).state = 'accepted'


def _working_day(moment, days):
    """Meetings on a weekend move away from today, so that past stays past."""
    step = timedelta(days=1 if days > 0 else -1)
    while moment.weekday() > 4:
        moment += step
    return moment
