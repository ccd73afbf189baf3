"""Mathematics in plain Python: nothing here knows Odoo, so that it can be read, checked and used without it."""
