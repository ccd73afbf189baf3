def migrate(cr, version):
    """Until now one score per account and month was kept: each that is not current is the last of its month."""
    cr.execute("UPDATE kam_score SET is_snapshot = NOT is_current WHERE is_snapshot IS NULL")
    # Stored related fields of new columns are computed by Odoo; runs of before are all of the selection model.
    cr.execute("UPDATE kam_score_run SET purpose = 'selection' WHERE purpose IS NULL")
