from odoo import fields, models
from odoo.tools.misc import format_date


class ReportPlanOnePage(models.AbstractModel):
    """The account plan on one page, as the page on the screen: what it shows follows the rights of its reader."""
    _name = 'report.kam_reports.plan_one_page'
    _description = "Account Plan on One Page"

    def _get_report_values(self, docids, data=None):
        plans = self.env['kam.plan'].browse(docids)
        plans.check_access('read')
        return {
            'doc_ids': docids, 'doc_model': 'kam.plan', 'docs': plans,
            'printed': self.env._(
                "Printed by %(person)s on %(day)s", person=self.env.user.name,
                day=format_date(self.env, fields.Date.context_today(self))),
            'states': dict(plans._fields['state']._description_selection(self.env)),
        }
