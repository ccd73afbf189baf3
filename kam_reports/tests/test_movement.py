from datetime import date, datetime

from odoo.tests import tagged

from .common import KamReportsCase


@tagged('post_install', '-at_install')
class TestMovement(KamReportsCase):
    """Who moved from 31 January to 30 June 2026.

    =======  ==========================================================  =======  =======
    account  applied changes                                             then     now
    =======  ==========================================================  =======  =======
    acme     10 Jan Strategic → Gold, 1 Mar Gold → Diamond,
             1 Jul Diamond → Gold (after the period)                     Gold     Diamond
    delta    none                                                        Gold     Gold
    beta     31 Jan Potential → General (still the first day),
             30 Jun General → Problem (the last day counts)              General  Problem
    free     created on 15 Mar                                           –        General
    late     created on 2 Jul: not yet there                             –        –
    =======  ==========================================================  =======  =======
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.env['kam.account'].create({
            'program_id': cls.program.id, 'tier_id': cls.tiers['general'].id,
            'partner_id': cls.env['res.partner'].create({'name': "Late", 'is_company': True}).id})
        for account, day, old, new in (
            (cls.acme, '2026-01-10', 'strategic', 'gold'), (cls.acme, '2026-03-01', 'gold', 'diamond'),
            (cls.acme, '2026-07-01', 'diamond', 'gold'), (cls.beta, '2026-01-31', 'potential', 'general'),
            (cls.beta, '2026-06-30', 'general', 'problem'),
        ):
            change = cls.env['kam.tier.change'].create({
                'account_id': account.id, 'to_tier_id': cls.tiers['lost'].id, 'reason': f"=1+1 {new}"})
            change.write({'from_tier_id': cls.tiers[old].id, 'to_tier_id': cls.tiers[new].id, 'state': 'applied',
                          'date_applied': day, 'approver_id': cls.champion.id})
        cls.beta.sudo().tier_id = cls.tiers['problem']
        cls.env.flush_all()
        for account, day in ((cls.acme, '2020-01-01'), (cls.delta, '2020-01-01'), (cls.beta, '2020-01-01'),
                             (cls.free, '2026-03-15'), (cls.late, '2026-07-02')):
            cls.env.cr.execute("UPDATE kam_account SET create_date = %s WHERE id = %s", [day, account.id])
        cls.env.invalidate_all()
        cls.days = {'date_from': date(2026, 1, 31), 'date_to': date(2026, 6, 30)}

    def matrix(self, user, **values):
        sheet = self.make('movement', user, **{**self.days, **values})['Transitions']
        return {row["From \\ To"]: row for row in self.block(sheet, "From \\ To")}

    def test_matrix(self):
        rows = self.matrix(self.champion)
        gold = rows["Gold"]
        self.assertEqual((gold["Diamond"], gold["Gold"], gold["Together"], gold["Stayed"]), (1, 1, 2, 0.5))
        self.assertEqual((rows["General"]["Problem"], rows["General"]["General"]), (1, None))
        new = rows["New in the programme"]
        self.assertEqual((new["General"], new["Together"], new["Stayed"]), (1, 1, None))
        total = rows["Together"]
        self.assertEqual([total[name] for name in ("Diamond", "Gold", "General", "Problem", "Together")],
                         [1, 1, 1, 1, 4])

    def test_matrix_equals_sql(self):
        """Tier on the last day: the last change up to it, else what the next one has left, else that of today."""
        self.env.cr.execute(
            """SELECT tier.name ->> 'en_US', COUNT(*)
                 FROM kam_account account
                 JOIN kam_tier tier ON tier.id = COALESCE(
                      (SELECT to_tier_id FROM kam_tier_change change
                        WHERE change.account_id = account.id AND state = 'applied' AND date_applied <= '2026-06-30'
                     ORDER BY date_applied DESC LIMIT 1), account.tier_id)
                WHERE account.program_id = %s AND account.create_date < '2026-07-01' GROUP BY 1""", [self.program.id])
        expected = dict(self.env.cr.fetchall())
        self.assertEqual(sum(expected.values()), 4)
        total = self.matrix(self.champion)["Together"]
        self.assertEqual({name: total[name] for name in total if total[name] and name not in (
            "From \\ To", "Together", "Stayed")}, expected)

    def test_formulas(self):
        sheet = self.make('movement', self.champion, results=False, **self.days)['Transitions']
        last = len(self.program.tier_ids)
        column = "BCDEFGHIJKLMN"[last - 1]
        self.assertEqual(sheet.cell(6, last + 2).value, f'=SUM(B6:{column}6)')
        self.assertIn('=SUBTOTAL(109,B6:B', sheet.cell(6 + last + 1, 2).value)
        self.assertTrue(sheet._charts)

    def test_names(self):
        sheet = self.make('movement', self.champion, **self.days)['Who Moved']
        rows = {row["From \\ To"]: row for row in self.block(sheet, "From \\ To")}
        self.assertEqual(rows["Gold"]["Diamond"], "Acme")
        self.assertEqual(rows["General"]["Problem"], "Beta")
        self.assertEqual(rows["New in the programme"]["General"], "Free")
        self.assertEqual(set(rows), {"Gold", "General", "New in the programme"})

    def test_changes(self):
        sheet = self.make('movement', self.champion, **self.days)['Tier Changes']
        acme, beta, total = self.block(sheet, "Account")
        self.assertEqual([acme[label] for label in ("Account", "From", "To", "Applied on", "Decided by", "Reason")],
                         ["Acme", "Gold", "Diamond", datetime(2026, 3, 1), "kam_champion", "=1+1 diamond"])
        self.assertEqual([beta[label] for label in ("Account", "From", "To", "Applied on")],
                         ["Beta", "General", "Problem", datetime(2026, 6, 30)])
        self.assertEqual(total["Account"], 2)

    def test_archived(self):
        """Who left during the period counts; who was archived without a change there does not."""
        self.beta.active = False
        self.delta.active = False
        rows = self.matrix(self.champion)
        self.assertEqual((rows["General"]["Problem"], rows["Gold"]["Gold"]), (1, None))

    def test_nobody_moved(self):
        workbook = self.make('movement', self.champion, date_from=date(2026, 4, 1), date_to=date(2026, 5, 1))
        self.assertIn("Nobody moved in this period.", self.texts(workbook['Who Moved']))
        self.assertIn("No tier change was applied in this period.", self.texts(workbook['Tier Changes']))

    def test_manager(self):
        """Only accounts that the manager sees."""
        workbook = self.make('movement', self.colleague, **self.days)
        self.assertFalse([text for sheet in workbook for text in self.texts(sheet) if "Acme" in text])
        self.assertIn("accounts visible to kam_colleague", workbook['Transitions']['A2'].value)
        self.assertEqual(self.matrix(self.colleague)["General"]["Problem"], 1)

    def test_odd_names(self):
        self.beta_partner.name = '=HYPERLINK("http://x")\x07 [odd]: name*?/' + "长" * 300
        workbook = self.make('movement', self.champion, results=False, **self.days)
        cell = next(cell for row in workbook['Who Moved'].iter_rows() for cell in row
                    if str(cell.value).startswith('=HYPER'))
        self.assertEqual((cell.data_type, cell.hyperlink), ('s', None))
