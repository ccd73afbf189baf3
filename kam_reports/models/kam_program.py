from odoo import models


class KamProgram(models.Model):
    _inherit = 'kam.program'

    def action_print_review_pack(self):
        """Download the review pack with all key accounts of the programme."""
        self.ensure_one()
        return self._review_pack_action()

    def action_print_review_pack_menu(self):
        """From the menu: the pack of the one programme, or the list to choose one from."""
        programs = self.search([], limit=2)
        if len(programs) == 1:
            return programs._review_pack_action()
        return self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_program_action')

    def _review_pack_action(self, query=''):
        """Refused here with a message where the download would only show an error page."""
        self.env['kam.portfolio.report']._check_may_export()
        return {
            'type': 'ir.actions.act_url',
            'url': f'/kam_reports/review_pack/{self.id}{query}',
            # Not 'download': that opens a tab, which browsers block when it comes late after the click. A file leaves
            # the page where it is.
            'target': 'self',
        }
