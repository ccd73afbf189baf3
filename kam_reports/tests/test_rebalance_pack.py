import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.kam_scoring.tests.rebalance_common import RebalanceCase

from .common import PackMixin, open_workbook


@tagged('post_install', '-at_install')
class TestRebalancePack(PackMixin, RebalanceCase):
    """The pack of a rebalancing, for each of those who read it.

    ann carries 24 points and bob 3, so the fair load is 13.5 each. Gold6 is on the list of what does not move.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.allow_export(cls.champion | cls.champion2 | cls.executive | cls.ann | cls.bob | cls.cyd | cls.sales)
        cls.gold6 = cls.golds[5]

    def spring(self, **values):
        return self.computed(**{
            'fairness': 100, 'owner_months': 0, 'kept_account_ids': [Command.set(self.gold6.ids)], **values})

    def book(self, rebalance, user, results=True, **scope):
        return self.make('rebalance', user, results=results, rebalance=rebalance, **scope)

    def everything(self, workbook):
        return " ".join(text for sheet in workbook for text in self.texts(sheet))

    def facts(self, workbook):
        return {row[0].value: row[1].value for row in workbook['Summary'].iter_rows() if row[0].value}

    # What it says

    def test_champion(self):
        rebalance = self.spring()
        workbook = self.book(rebalance, self.champion)
        self.assertEqual(workbook.sheetnames, ["Cover", "Summary", "Loads", "Moves", "Stays"])
        cover = {row[1].value: row[2].value for row in workbook['Cover'].iter_rows() if row[1].value}
        self.assertEqual(
            (cover["Rebalancing"], cover["Programme"], cover["Question"], cover["Scenario"]),
            ("Spring", "Programme A", "Who manages which account", rebalance.scenario_id.name))
        moves = self.block(workbook['Moves'], "Account")[:-1]
        chosen = self.moves(rebalance)
        self.assertEqual([move["Account"] for move in moves], chosen.mapped('account_id.display_name'))
        for move, record in zip(moves, chosen, strict=True):
            self.assertEqual(
                (move["Tier"], move["From"], move["To"], move["Workload Points"], move["Decision"], move["State"]),
                ("Gold", "Ann", "Bob", 4, "Waiting", "Proposed"))
            self.assertEqual(move["Reason"], record.reason)
            # A year together since 2024-01-01 counts half a point.
            self.assertAlmostEqual(move["Cost"], record.cost, 5)
            self.assertAlmostEqual(
                move["Cost: the Move"] + move["Cost: Relationships"] + move["Cost: Years Together"]
                + move["Cost: Running Plan"], move["Cost"], 5)
            self.assertGreater(move["Cost: Years Together"], 0)
        [kept] = self.block(workbook['Stays'], "Account")[:-1]
        self.assertEqual((kept["Account"], kept["Stays with"], kept["Workload Points"]), ("Gold6", "Ann", 4))
        self.assertTrue(kept["Why It Stays"])

    def test_loads(self):
        rebalance = self.spring()
        self.assertEqual(len(self.moves(rebalance)), 3)
        *people, total = self.block(self.book(rebalance, self.champion)['Loads'], "Person")
        loads = {person["Person"]: person for person in people}
        self.assertEqual(
            [(loads[name]["Points Before"], loads[name]["Points After"], loads[name]["Change"],
              loads[name]["Fair Load"], loads[name]["Off the Fair Load"], loads[name]["Accounts After"])
             for name in ("Ann", "Bob")],
            [(24, 12, -12, 13.5, -1.5, 3), (3, 15, 12, 13.5, 1.5, 4)])
        self.assertEqual((total["Points Before"], total["Points After"], total["Change"], total["Accounts After"]),
                         (27, 27, 0, 7))
        self.assertAlmostEqual(loads["Bob"]["Load After"], 15 / 13.5)
        sheet = self.book(rebalance, self.champion, results=False)['Loads']
        self.assertEqual((sheet['F5'].value, sheet['H5'].value), ('=E5-D5', '=IF(G5=0,"",E5-G5)'))
        self.assertEqual(sheet['E7'].value, '=SUBTOTAL(109,E5:E6)')
        [chart] = sheet._charts
        self.assertEqual([series.val.numRef.f for series in chart.series], ["Loads!$D$5:$D$6", "Loads!$E$5:$E$6"])

    def test_capacity(self):
        rebalance = self.rebalance(fairness=100, owner_months=0)
        self.person(rebalance, self.bob).capacity = 10
        rebalance.action_compute()
        loads = {row["Person"]: row for row in self.block(self.book(rebalance, self.champion)['Loads'], "Person")}
        self.assertEqual((loads["Bob"]["Capacity (Points)"], loads["Ann"]["Capacity (Points)"]), (10, None))
        self.assertLessEqual(loads["Bob"]["Load After"], 1)

    def test_moves_are_a_list(self):
        """Filter, header in view, links to the account, parts that add up to the cost."""
        rebalance = self.spring()
        sheet = self.book(rebalance, self.champion, results=False)['Moves']
        self.assertEqual((sheet.freeze_panes, sheet.print_title_rows), ('B5', '$4:$4'))
        self.assertTrue(sheet.auto_filter.ref.startswith('A4:'))
        move = self.moves(rebalance)[0]
        self.assertEqual(sheet['A5'].hyperlink.target,
                         f'{self.program.get_base_url()}/odoo/kam.account/{move.account_id.id}')
        self.assertEqual(sheet['J5'].value, '=SUM(F5:I5)')

    def test_scenarios_side_by_side(self):
        rebalance = self.spring()
        rows = self.block(self.book(rebalance, self.champion)['Summary'], "Scenario")
        self.assertEqual([row["Scenario"] for row in rows], rebalance.scenario_ids.mapped('name'))
        for row, scenario in zip(rows, rebalance.scenario_ids, strict=True):
            self.assertAlmostEqual(row["Imbalance"], scenario.imbalance, 5)
            self.assertEqual((row["Moves"], row["Rules Broken"]), (scenario.move_count, scenario.broken_count))
            if scenario.kind != 'today':
                self.assertAlmostEqual(row["Less Than Today"], rows[0]["Imbalance"] - scenario.imbalance, 5)
                self.assertAlmostEqual(row["Proven Gap"], scenario.gap / 100, 5)
        self.assertEqual(rows[0]["Moves"], 0)

    def test_settings_in_words(self):
        rebalance = self.rebalance(
            fairness=2, band=5, moves_max=3, freeze_days=45, owner_months=6, cost_move=1.5, fit_language=True,
            keep_known=False, kept_account_ids=[Command.set(self.gold6.ids)])
        self.person(rebalance, self.bob).role = 'leaves'
        rebalance.person_ids = [Command.create({'user_id': self.cyd.id, 'role': 'joins'})]
        rebalance.action_compute()
        facts = self.facts(self.book(rebalance, self.champion))
        self.assertIn("Within 5 % of it", facts["How fair"])
        self.assertIn("beyond counts 2.", facts["How fair"])
        self.assertIn("a move as such: 1.5.", facts["What a change costs"])
        self.assertIn("within 45 days", facts["What stays"])
        self.assertIn("in 6 months", facts["How often"])
        self.assertEqual(facts["Who takes over"], "Whoever takes over speaks the customer's language.")
        self.assertEqual((facts["Who joins"], facts["Who leaves"], facts["Limit"], facts["Do not move"]),
                         ("Cyd", "Bob", "At most 3 accounts move.", "Gold6"))

    def test_who_decided(self):
        rebalance = self.spring()
        first, *others = self.moves(rebalance)
        self.as_user(first, self.champion2).action_refuse()
        self.as_user(rebalance, self.champion2).action_approve()
        workbook = self.book(rebalance, self.executive)
        facts = self.facts(workbook)
        self.assertEqual((facts["Asked by"], facts["State"]), (self.champion.name, "Approved"))
        self.assertIn(self.champion2.name, facts["Approved by"])
        self.assertEqual(facts["Decisions"], f"Approved: {len(others)}, Refused: 1")
        decisions = {row["Account"]: (row["Decision"], row["Decided by"])
                     for row in self.block(workbook['Moves'], "Account")[:-1]}
        self.assertEqual(decisions[first.account_id.display_name], ("Refused", self.champion2.name))

    def test_stale(self):
        rebalance = self.spring()
        self.as_user(rebalance, self.champion2).action_approve()
        overtaken = self.moves(rebalance)[0]
        overtaken.account_id.sudo().active = False
        rebalance.action_carry_out()
        rows = {row["Account"]: row for row in self.block(self.book(rebalance, self.champion)['Moves'], "Account")}
        row = rows[overtaken.account_id.display_name]
        self.assertEqual((row["State"], row["Not Applied Because"]), ("Stale", overtaken.stale_reason))
        self.assertIn("Applied", {row["State"] for row in rows.values()})

    def test_tiers(self):
        rebalance = self.computed(question='tiers')
        workbook = self.book(rebalance, self.champion)
        tiers = {row["Tier"]: row for row in self.block(workbook['Loads'], "Tier")}
        self.assertEqual((tiers["Gold"]["Accounts Before"], tiers["Strategic"]["Accounts Before"]), (6, 1))
        self.assertNotIn("Imbalance", self.texts(workbook['Summary']), "no load of people is asked about")
        rows = self.block(workbook['Summary'], "Scenario")
        self.assertEqual([row["Moves"] for row in rows], rebalance.scenario_ids.mapped('move_count'))
        self.assertIn("Each tier away", self.facts(workbook)["How right"])

    def test_impossible(self):
        """A scenario without an answer says why, and has no figures."""
        rebalance = self.rebalance(owner_months=0)
        for person in rebalance.person_ids:
            person.capacity = 5
        rebalance.action_compute()
        workbook = self.book(rebalance, self.champion)
        rows = {row["Scenario"]: row for row in self.block(workbook['Summary'], "Scenario")}
        impossible = rebalance.scenario_ids.filtered(lambda scenario: scenario.state == 'infeasible')
        self.assertTrue(impossible)
        for scenario in impossible:
            row = rows[scenario.name]
            self.assertEqual((row["Result"], row["Imbalance"], row["Moves"]), ("Impossible", None, None))
            self.assertIn(scenario.conflict, self.everything(workbook))

    def test_without_scenario(self):
        workbook = self.book(self.rebalance(), self.champion)
        for name in ("Summary", "Loads", "Moves", "Stays"):
            self.assertIn("Nothing is computed yet", " ".join(self.texts(workbook[name])), name)
        rebalance = self.spring()
        rebalance.sudo().scenario_id = False
        workbook = self.book(rebalance, self.champion)
        self.assertIn("No scenario is chosen yet", " ".join(self.texts(workbook['Moves'])))
        self.assertIn("Fairest", self.texts(workbook['Summary']))

    def test_text_stays_text(self):
        self.golds[0].partner_id.name = '=HYPERLINK("http://evil.example","Gold1")'
        rebalance = self.spring()
        rebalance.name = "=1+1 [Spring]: north/south"
        rebalance.scenario_id.move_ids.sudo().write({'reason': "@SUM(A1)", 'frozen_reason': "+1", 'is_frozen': True})
        name, content = self.make_file('rebalance', self.champion, rebalance=rebalance)
        self.assertNotIn('/', name)
        for sheet in open_workbook(content):
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value[:1] in '=@+' and cell.data_type == 'f':
                        self.assertNotRegex(cell.value, 'HYPERLINK|1\\+1|@SUM')
                    if cell.hyperlink:
                        self.assertTrue(cell.hyperlink.target.startswith(self.program.get_base_url()))

    # Who reads it

    def test_executive(self):
        rebalance = self.spring()
        workbook = self.book(rebalance, self.executive)
        self.assertEqual(len(self.block(workbook['Moves'], "Account")), len(self.moves(rebalance)) + 1)
        self.assertEqual(len(self.block(workbook['Summary'], "Scenario")), len(rebalance.scenario_ids))

    def test_manager(self):
        """What concerns this person once it is consulted about: not the others' accounts, nor other scenarios."""
        rebalance = self.spring()
        with self.assertRaises(AccessError):
            self.book(rebalance, self.bob)
        rebalance.action_consult()
        workbook = self.book(rebalance, self.bob)
        moves = self.block(workbook['Moves'], "Account")[:-1]
        self.assertEqual({move["To"] for move in moves}, {"Bob"})
        staying = (self.golds - self.moves(rebalance).account_id).mapped('display_name')
        self.assertGreaterEqual(len(staying), 3)
        for name in staying:
            self.assertNotIn(name, self.everything(workbook))
        self.assertEqual([row["Scenario"] for row in self.block(workbook['Summary'], "Scenario")],
                         [rebalance.scenario_id.name])
        self.assertIn("accounts that concern Bob", workbook['Moves']['A2'].value)
        # An account that is not his yet does not open.
        formulas = self.book(rebalance, self.bob, results=False)
        self.assertFalse([cell for cell in formulas['Moves']['A'] if cell.hyperlink])
        with self.assertRaises(AccessError):
            self.book(rebalance, self.cyd)

    def test_nobody_else(self):
        rebalance = self.spring()
        rebalance.action_consult()
        outsider = self._user('kam_champion_b', 'kam_management.group_kam_champion', self.company_b)
        self.allow_export(outsider)
        for user in (outsider, self.sales):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.book(rebalance, user)
        self.executive.group_ids = [Command.unlink(self.env.ref('base.group_allow_export').id)]
        with self.assertRaisesRegex(AccessError, "not allowed to export"):
            self.book(rebalance, self.executive)

    def test_another_programme(self):
        other = self.env['kam.program'].create({'name': "Other", 'company_ids': self.company_a.ids})
        with self.assertRaisesRegex(UserError, "one programme"):
            self.book(self.spring(), self.champion, program=other)
        with self.assertRaisesRegex(UserError, "Choose the rebalancing"):
            self.make('rebalance', self.champion)

    def test_queries_do_not_grow(self):
        rebalance = self.spring()
        few = self.statements('rebalance', self.champion, rebalance=rebalance)
        for number in range(20):
            self._account(f"More{number}", 'gold', self.ann)
        rebalance.action_compute()
        self.assertGreater(len(rebalance.scenario_id.move_ids), 20)
        many = self.statements('rebalance', self.champion, rebalance=rebalance)
        self.assertLessEqual(many, few + 2, "27 accounts against 7")

    # Ways to it

    def test_print_menu(self):
        rebalance = self.spring()
        action = self.env.ref('kam_reports.kam_rebalance_action_print_pack')
        self.assertEqual((action.binding_model_id.model, action.binding_type), ('kam.rebalance', 'report'))
        result = self.as_user(action, self.executive).sudo(False).with_context(
            active_model='kam.rebalance', active_id=rebalance.id, active_ids=rebalance.ids).run()
        self.assertEqual(result['tag'], 'kam_reports.download')
        pack = self.as_user(self.env['kam.pack'], self.executive).search([], limit=1)
        self.assertEqual((pack.pack_type, pack.rebalance_id, pack.user_id), ('rebalance', rebalance, self.executive))
        self.assertRegex(pack.file_name, r'^Spring - Rebalancing - [\d-]{10}\.xlsx$')
        with self.assertRaisesRegex(UserError, "one rebalancing"):
            self.as_user(rebalance | self.rebalance(), self.champion).action_print_pack()

    def test_dialog(self):
        older, rebalance = self.spring(), self.spring(name="Summer")
        with Form(self.as_user(self.env['kam.pack.make'], self.champion)) as form:
            form.program_id = self.as_user(self.program, self.champion)
            self.assertFalse(form.has_rebalance)
            form.pack_type = 'rebalance'
            self.assertEqual(form.rebalance_id, rebalance, "the newest")
            form.rebalance_id = older
        form.record.section_ids.filtered(lambda section: section.code != 'moves').is_included = False
        form.record.action_make()
        pack = self.as_user(self.env['kam.pack'], self.champion).search([], limit=1)
        self.assertEqual(pack.rebalance_id, older)
        workbook = open_workbook(base64.b64decode(pack.with_context(bin_size=False).file))
        self.assertEqual(workbook.sheetnames, ["Cover", "Moves"])
        action = self.as_user(rebalance, self.champion).action_make_pack()
        dialog = self.as_user(self.env['kam.pack.make'], self.champion).with_context(**action['context']).create({})
        self.assertEqual((dialog.pack_type, dialog.rebalance_id), ('rebalance', rebalance))

    def test_not_by_subscription(self):
        """Nobody is asked which rebalancing it would be next month."""
        types = dict(self.env['kam.pack.subscription']._selection_pack_type())
        self.assertIn('portfolio', types)
        self.assertNotIn('rebalance', types)
        self.assertIn('rebalance', dict(self.env['kam.pack']._selection_pack_type()))

    def test_prints(self):
        rebalance = self.spring()
        for sheet in self.book(rebalance, self.champion):
            with self.subTest(sheet=sheet.title):
                self.assertEqual((sheet.page_setup.orientation, sheet.page_setup.paperSize), ('landscape', 9))
                self.assertIn("Page &P of &N", sheet.oddFooter.center.text)
