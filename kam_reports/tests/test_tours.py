from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import KamReportsCase


@tagged('post_install', '-at_install')
class TestReviewPackTours(HttpCase, KamReportsCase):

    def test_print_menu_of_the_list(self):
        self.start_tour('/odoo/key-accounts?view_type=list', 'kam_review_pack_list', login='kam_champion')

    def test_print_menu_of_the_form(self):
        """An executive only reads this account, and prints it."""
        self.start_tour(f'/odoo/key-accounts/{self.delta.id}', 'kam_review_pack_form', login='kam_executive')

    def test_button_of_the_program(self):
        self.start_tour(f'/odoo/kam-programmes/{self.program.id}', 'kam_review_pack_program', login='kam_champion')

    def test_menu(self):
        """One programme in sight: the menu downloads its pack."""
        self.env['kam.program'].search([('id', '!=', self.program.id)]).active = False
        self.start_tour('/odoo/key-accounts', 'kam_review_pack_menu', login='kam_executive')

    def test_without_right_to_export(self):
        """The refusal is a message in the client, not an error page."""
        self.executive.group_ids = [Command.unlink(self.env.ref('base.group_allow_export').id)]
        with mute_logger('odoo.http'):  # it warns of the refusal
            self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_review_pack_refused', login='kam_executive')

    def test_dialog_from_the_account(self):
        self.start_tour(f'/odoo/key-accounts/{self.acme.id}', 'kam_pack_make', login='kam_executive')
        pack = self.env['kam.pack'].search([('user_id', '=', self.executive.id)])
        self.assertEqual((pack.pack_type, pack.account_id), ('dossier', self.acme))

    def test_dialog_and_archive_from_the_menu(self):
        self.env['kam.program'].search([('id', '!=', self.program.id)]).active = False
        self.start_tour('/odoo/key-accounts', 'kam_pack_menu', login='kam_executive')
