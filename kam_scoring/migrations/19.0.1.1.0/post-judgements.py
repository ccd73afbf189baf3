from odoo.tools import sql


def migrate(cr, version):
    """The level of influence on each account becomes a judgement, by whoever chose it last, on the day when they did.

    Where the chatter does not tell (a migrated or imported level), it is that of whoever changed the account last, on
    the day when the account was made. All are valid for a year from now: nobody knew that they would expire.
    """
    if not sql.column_exists(cr, 'kam_account', 'influence'):
        return
    cr.execute("""
        INSERT INTO kam_judgement (account_id, program_id, kind, level, user_id, date, date_end,
                                   create_uid, create_date, write_uid, write_date)
             SELECT account.id, account.program_id, 'influence', account.influence,
                    COALESCE(tracked.user_id, account.write_uid, account.create_uid, 1),
                    COALESCE(tracked.date, account.create_date::date, CURRENT_DATE),
                    (CURRENT_DATE + INTERVAL '1 year')::date, 1, NOW() AT TIME ZONE 'UTC', 1, NOW() AT TIME ZONE 'UTC'
               FROM kam_account account
          LEFT JOIN (
               SELECT DISTINCT ON (message.res_id) message.res_id, message.date::date AS date, author.id AS user_id
                 FROM mail_tracking_value value
                 JOIN ir_model_fields field ON field.id = value.field_id
                      AND field.model = 'kam.account' AND field.name = 'influence'
                 JOIN mail_message message ON message.id = value.mail_message_id AND message.model = 'kam.account'
            LEFT JOIN res_users author ON author.partner_id = message.author_id
             ORDER BY message.res_id, message.date DESC, message.id DESC, author.id
               ) tracked ON tracked.res_id = account.id
              WHERE account.influence IS NOT NULL""")
    cr.execute("ALTER TABLE kam_account DROP COLUMN influence")
