import base64

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class KamPack(models.Model):
    """A pack that was made: the file as it was that day, kept with the programme to compare with later ones.

    Computed with the rights of one person, so only that person reads it; nobody edits it.
    """
    _name = 'kam.pack'
    _description = "Archived Pack"
    _order = 'date desc, id desc'

    name = fields.Char(required=True, readonly=True)
    program_id = fields.Many2one(
        'kam.program', string="Programme", required=True, readonly=True, index=True, ondelete='cascade')
    pack_type = fields.Selection(selection='_selection_pack_type', string="Pack", required=True, readonly=True)
    user_id = fields.Many2one(
        'res.users', string="Made for", required=True, readonly=True, index=True, ondelete='cascade',
        help="The pack shows what this person may see, and only this person opens it.")
    account_id = fields.Many2one(
        'kam.account', readonly=True, index='btree_not_null', ondelete='cascade')
    executive_id = fields.Many2one('res.users', readonly=True, ondelete='set null')
    rebalance_id = fields.Many2one(
        'kam.rebalance', string="Rebalancing", readonly=True, index='btree_not_null', ondelete='set null')
    date = fields.Date(string="Made on", required=True, readonly=True)
    date_from = fields.Date(string="Compared With", readonly=True)
    date_to = fields.Date(string="Until", readonly=True)
    subscription_id = fields.Many2one(
        'kam.pack.subscription', readonly=True, index='btree_not_null', ondelete='set null')
    file = fields.Binary(attachment=True, required=True, readonly=True)
    file_name = fields.Char(required=True, readonly=True)

    @api.model
    def _selection_pack_type(self):
        return self.env['kam.pack.report']._pack_types()

    @api.model
    def _make(self, code, scope, subscription=None):
        """Make a pack with the rights and in the language of the environment's user, and keep it.

        :param code: type of the pack, see `kam.pack.report._packs`
        :param scope: PackScope
        """
        report = self.env['kam.pack.report']._of_type(code)
        file_name, content = report._pack(scope)
        # Nobody writes packs but this method; what is in it has been read with the rights of its user (sudo).
        pack = self.sudo().create({
            'name': file_name.removesuffix('.xlsx'),
            'program_id': scope.program.id,
            'pack_type': code,
            'user_id': self.env.uid,
            'account_id': scope.account.id if scope.account else False,
            'executive_id': scope.executive.id if scope.executive else False,
            'rebalance_id': scope.rebalance.id if scope.rebalance else False,
            'date': fields.Date.context_today(self),
            'date_from': scope.date_from,
            'date_to': scope.date_to,
            'subscription_id': subscription.id if subscription else False,
            'file': base64.b64encode(content),
            'file_name': file_name,
        })
        return pack.sudo(False)

    def _download_path(self):
        self.ensure_one()
        return f'/web/content/kam.pack/{self.id}/file?download=true&filename_field=file_name'

    def action_download(self):
        self.ensure_one()
        self.check_access('read')
        # An address alone would leave the dialog open that asked for the pack: see kam_download.js.
        return {'type': 'ir.actions.client', 'tag': 'kam_reports.download', 'params': {'url': self._download_path()}}

    @api.autovacuum
    def _gc_packs(self):
        """Files go after as many months as their programme says."""
        today = fields.Date.context_today(self)
        programs = self.env['kam.program'].with_context(active_test=False).search([('pack_months', '>', 0)])
        self.search(Domain.OR(
            Domain('program_id', '=', program.id)
            & Domain('date', '<', today - relativedelta(months=program.pack_months))
            for program in programs)).unlink()
