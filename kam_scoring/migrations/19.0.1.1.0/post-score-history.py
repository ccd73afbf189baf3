def migrate(cr, version):
    """Until now one score per account and month was kept: each that is not current is the last of its month."""
    cr.execute("UPDATE kam_score SET is_snapshot = NOT is_current WHERE is_snapshot IS NULL")
