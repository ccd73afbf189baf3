from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.http import content_disposition, request

from ..tools import parse_ids

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
# As many as a list of the web client selects at most (session.active_ids_limit).
MAX_ACCOUNTS = 20000
MAX_ID = 2**31 - 1  # of PostgreSQL


class ReviewPackController(http.Controller):

    @http.route('/kam_reports/review_pack/<int:program_id>', type='http', auth='user', methods=['GET'], readonly=True)
    def review_pack(self, program_id, ids=None):
        """The review pack of a programme, of its key accounts or of the accounts in `ids` ("1-3,9")."""
        request.update_context(allowed_company_ids=self._selected_companies())
        env = request.env
        report = env['kam.portfolio.report']
        report._check_may_export()
        program = env['kam.program'].with_context(active_test=False).search([('id', '=', min(program_id, MAX_ID))])
        if not program:
            raise request.not_found(env._(
                "There is no such programme, or it belongs to companies that are not selected."))
        accounts = None if ids is None else self._accounts(program, ids)
        name, content = report._review_pack(program, accounts)
        return request.make_response(content, headers=[
            ('Content-Type', XLSX),
            ('Content-Length', len(content)),
            ('Content-Disposition', content_disposition(name)),
            # Figures of today with one person's rights: nobody keeps a copy on the way.
            ('Cache-Control', 'no-store'),
        ])

    @staticmethod
    def _selected_companies():
        """The companies of the company switcher, as far as they are the user's."""
        user = request.env.user
        own = user._get_company_ids()
        chosen = [int(cid) for cid in request.cookies.get('cids', '').split('-') if cid.isdecimal()]
        return [cid for cid in chosen if cid in own] or user.company_id.ids

    @staticmethod
    def _accounts(program, ids):
        env = program.env
        try:
            account_ids = parse_ids(ids, MAX_ACCOUNTS)
        except ValueError:
            raise BadRequest(env._("The accounts of the review pack are not given as numbers.")) from None
        accounts = env['kam.account'].with_context(active_test=False).search(
            [('id', 'in', account_ids), ('program_id', '=', program.id)])
        if len(accounts) < len(set(account_ids)):
            raise request.not_found(env._(
                "Some of the accounts do not exist any more, belong to another programme, or are not yours to see."))
        return accounts
