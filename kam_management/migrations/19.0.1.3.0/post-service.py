from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Records under noupdate: the stage in which an issue waits for the customer, and what comes first in the night."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    stage = env.ref('kam_management.issue_stage_waiting', raise_if_not_found=False)
    if stage:
        # By the ORM, so that the issues in it begin to wait.
        stage.kind = 'waiting'
    for name, priority in (('ir_cron_refresh_assignments', 1), ('ir_cron_apply_tier_changes', 2)):
        cron = env.ref(f'kam_management.{name}', raise_if_not_found=False)
        if cron:
            cron.priority = priority
    stale = env.ref('kam_management.mail_activity_type_plan_stale', raise_if_not_found=False)
    if stale:
        # Nobody wrote these reminders: they end with the work on the plan.
        env['mail.activity'].search([('activity_type_id', '=', stale.id)]).automated = True
