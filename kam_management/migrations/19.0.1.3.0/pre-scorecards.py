def migrate(cr, version):
    """The part of the account's form with a field that is gone: views loaded before it could not be checked."""
    cr.execute("""
        DELETE FROM ir_ui_view WHERE id IN (
               SELECT res_id FROM ir_model_data
                WHERE module = 'kam_management' AND model = 'ir.ui.view' AND name = 'kam_account_view_form_review')""")
    cr.execute("DELETE FROM ir_model_data WHERE module = 'kam_management' AND name = 'kam_account_view_form_review'")
