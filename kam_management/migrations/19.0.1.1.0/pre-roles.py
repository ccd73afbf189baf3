def migrate(cr, version):
    """Roles were a selection; they become records. Keep what each seat said until the records are there."""
    cr.execute("ALTER TABLE kam_assignment ADD COLUMN kam_old_role varchar")
    cr.execute("UPDATE kam_assignment SET kam_old_role = role")
    # Only the two single kinds mean the same in the new column.
    cr.execute("UPDATE kam_assignment SET role = 'team' WHERE role NOT IN ('manager', 'sponsor')")
