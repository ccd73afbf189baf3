"""Two workers run a nightly job at the same moment, in real transactions: it is done once, and nothing is told twice.

Odoo itself runs a job on one worker at a time; somebody may still start it by hand meanwhile. Runs on a committed copy
of the demo company, on a night on which each job has something to do.
"""
import os
from datetime import datetime, time, timedelta
from threading import Thread

import psycopg2
import pytest
from conftest import CHECKOUT, copied, registry
from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.tools import mute_logger

from odoo.addons.kam_management.demo.records import record

NAME = f"kam_workers_test_{CHECKOUT}_{os.getpid()}"
# What jobs make. What they change of records, they change twice to the same.
MADE = (
    'mail_activity', 'mail_message', 'kam_review', 'kam_tier_review', 'kam_audit', 'kam_promise_result',
    'kam_plan_version', 'kam_plan', 'kam_assignment', 'kam_tier_change')
# In the order of the night.
JOBS = [
    ('kam.assignment', '_cron_refresh_current'), ('kam.tier.change', '_cron_apply_approved'),
    ('kam.review', '_cron_plan'), ('kam.audit', '_cron_open'), ('kam.issue', '_cron_escalate'),
    ('kam.risk', '_cron_remind'), ('kam.promise', '_cron_measure'), ('kam.account', '_cron_refresh_trade'),
    ('kam.tier.change', '_cron_expire_exceptions'), ('kam.tier.review', '_cron_make_lists'),
    ('kam.plan', '_cron_advance'), ('kam.plan', '_cron_remind_stale'), ('kam.forecast.line', '_cron_close_quarters'),
    ('kam.stakeholder.assessment', '_cron_erase')]
# The others write, or delete.
MAKING = {
    '_cron_plan', '_cron_open', '_cron_escalate', '_cron_remind', '_cron_measure', '_cron_refresh_trade',
    '_cron_expire_exceptions', '_cron_make_lists', '_cron_advance', '_cron_remind_stale'}
# How the database refuses whoever comes second: Odoo rolls the job back, and there is nothing left for the next time.
REFUSED = (psycopg2.errors.SerializationFailure, psycopg2.errors.UniqueViolation)


def env_of(cr):
    return api.Environment(cr, SUPERUSER_ID, {
        'lang': "en_US", 'tracking_disable': True, 'mail_activity_quick_update': True})


@pytest.fixture(scope="module")
def night():
    """(database, moment): the first night of a quarter, on a copy where there is a lot to do."""
    with copied(NAME) as name:
        with registry(name).cursor() as cr:
            env = env_of(cr)
            loaded = record(env, 'company', 'eu').create_date.date()
            first = (loaded + timedelta(days=120)).replace(day=1)
            while first.month not in (1, 4, 7, 10):
                first = (first + timedelta(days=31)).replace(day=1)
            moment = datetime.combine(first, time(2))
            with freeze_time(moment):
                give_work(env, first)
                env.flush_all()
        yield name, moment


def give_work(env, today):
    yesterday = today - timedelta(days=1)
    account = record(env, 'account', 'rheinstahl')
    env['kam.issue'].create({'name': "Hot", 'account_id': account.id, 'date_reported': today - timedelta(days=20)})
    env['kam.tier.change'].create({
        'account_id': record(env, 'account', 'tanaka').id, 'from_tier_id': env.ref('kam_management.tier_gold').id,
        'to_tier_id': env.ref('kam_management.tier_diamond').id, 'reason': "Figures", 'state': 'approved',
        'date_effective': today})
    env['kam.tier.change'].search([('exception_state', '=', 'open')]).exception_until = yesterday
    # Risks to look at, no contracts: each has its own lock. Their owners and those of plans follow them already, or
    # two workers would stand in each other's way when they add them.
    risks, plans = env['kam.risk'].search([]), env['kam.plan'].search([('state', '=', 'active')])
    risks.date_review = today
    for risk in risks:
        risk.date_warned = risk.date_notice
    for part in (*risks, *plans):
        part.message_subscribe(part.owner_id.partner_id.ids)
    plans.activity_unlink(['kam_management.mail_activity_type_plan_stale'])
    env['kam.tier.review'].search([('verdict', '=', False)]).unlink()
    env['kam.stakeholder.assessment'].search([], limit=1).date_erase = yesterday
    # Past the ORM, which would look for lost customers, and close the plan of the account that leaves, at once.
    env.flush_all()
    env.cr.execute("UPDATE kam_program SET lost_after_days = 90")
    env.cr.execute("UPDATE kam_account SET active = FALSE WHERE id = %s", [record(env, 'account', 'great_lakes').id])
    env.invalidate_all()


def counts(database):
    with registry(database).cursor() as cr:
        return {table: cr.execute(f'SELECT COUNT(*) FROM {table}') or cr.fetchone()[0] for table in MADE}


def run(cr, model, method):
    """As the scheduler does; whether it came to an end."""
    try:
        with mute_logger('odoo.sql_db'):
            env = env_of(cr)
            getattr(env[model], method)()
            env.flush_all()
            return True
    except REFUSED:
        cr.rollback()
        return False


def test_these_are_all_jobs(night):
    with registry(night[0]).cursor() as cr:
        env = env_of(cr)
        ours = env['ir.model.data'].search([('module', '=', 'kam_management'), ('model', '=', 'ir.cron')])
        jobs = env['ir.cron'].browse(ours.mapped('res_id'))
        assert {(job.model_name, job.code) for job in jobs} == {(model, f'model.{method}()') for model, method in JOBS}


@pytest.mark.parametrize("model, method", JOBS)
def test_a_job_on_three_workers(night, model, method):
    """The second one begins while the first is at it, the third looked at the database before, and works afterwards."""
    database, moment = night
    cursor = registry(database).cursor
    before = counts(database)
    with freeze_time(moment), cursor() as first, cursor() as second, cursor() as third:
        for cr in (second, third):
            cr.execute("SELECT COUNT(*) FROM kam_account")  # its picture of the database is from before
        assert run(first, model, method)
        beside = Thread(target=lambda: run(second, model, method) and second.commit())
        beside.start()
        beside.join(timeout=0.5)  # it has passed over the rows of the first, or waits for them
        first.commit()
        beside.join(timeout=60)
        assert not beside.is_alive()
        once = counts(database)
        if run(third, model, method):
            third.commit()
    assert counts(database) == once
    with freeze_time(moment), cursor() as cr:
        assert run(cr, model, method), "nothing stands in the way of the next time"
    assert counts(database) == once, "nor is there anything left to do"
    assert (once != before) == (method in MAKING)
    assert doubles(database) == []


def doubles(database):
    """Activities of one kind about one record."""
    with registry(database).cursor() as cr:
        cr.execute("""
            SELECT res_model, res_id, activity_type_id, summary FROM mail_activity
             WHERE active AND activity_type_id IN (
                   SELECT res_id FROM ir_model_data WHERE module = 'kam_management' AND model = 'mail.activity.type')
             GROUP BY 1, 2, 3, 4 HAVING COUNT(*) > 1""")
        return cr.fetchall()
