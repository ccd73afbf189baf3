def migrate(cr, version):
    """Each seat gets the role that its old selection named."""
    cr.execute("""
        UPDATE kam_assignment seat SET role_id = data.res_id
          FROM ir_model_data data
         WHERE data.module = 'kam_management' AND data.model = 'kam.role'
           AND data.name = 'role_' || seat.kam_old_role""")
    cr.execute("ALTER TABLE kam_assignment ALTER COLUMN role_id SET NOT NULL")
    cr.execute("ALTER TABLE kam_assignment DROP COLUMN kam_old_role")
