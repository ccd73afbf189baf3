from .dossier_section import DossierSection
from .xlsx_values import Column

WIDTHS = (44, 30, 18, 44)


class DossierPlanSection(DossierSection):
    """The account plan in words: the customer and its goals, our strategy, strengths and chances, competitors."""
    code = 'plan'

    def title(self):
        return self.env._("Account Plan")

    def build(self):
        sheet = self.add_sheet()
        sheet.set_widths(*WIDTHS)
        plan = self.data.plan
        if not plan:
            self.note(sheet, self.data.no_plan_text())
            return
        self._write_head(sheet, plan)
        for label, text in ((self.env._("Who they are"), plan.customer_summary),
                            (self.env._("Our strategy"), plan.strategy)):
            self.heading(sheet, label)
            self.paragraph(sheet, text, 3, sum(WIDTHS), self.env._("Nothing written yet."))
        self._write_goals(sheet, plan)
        for _name, label, text in plan._swot():
            if text:
                self.heading(sheet, label)
                self.paragraph(sheet, text, 3, sum(WIDTHS))
        self._write_competitors(sheet, plan)
        self._write_commitments(sheet, plan)

    def _write_head(self, sheet, plan):
        states = self.data.labels('kam.plan', 'state')['state']
        sheet.put(sheet.row, 0, self.data.link(plan.display_name, 'kam.plan', plan.id), 'text')
        sheet.put(sheet.row, 1, plan.owner_id.name)
        sheet.put(sheet.row, 2, states[plan.state])
        sheet.row += 2

    def _write_goals(self, sheet, plan):
        terms = self.data.labels('kam.plan.goal', 'term')['term']
        self.heading(sheet, self.env._("Goals of the customer"))
        columns = [
            Column(self.env._("What the Customer Wants"), 'wrap', width=44),
            Column(self.env._("Who Says So"), 'wrap', width=30),
            Column(self.env._("Term"), 'wrap', width=18), Column(self.env._("How We Help"), 'wrap', width=44)]
        sheet.block(columns, [[goal.name, goal.told_by, terms[goal.term], goal.contribution] for goal in plan.goal_ids],
                    empty=self.env._("No goals yet."))

    def _write_competitors(self, sheet, plan):
        if not plan.competitor_ids:
            return
        threats = self.data.labels('kam.plan.competitor', 'threat')['threat']
        self.heading(sheet, self.env._("Competitors"))
        columns = [
            Column(self.env._("Where They Stand"), 'wrap', width=44),
            Column(self.env._("Competitor"), 'wrap', width=30),
            Column(self.env._("Threat"), 'wrap', width=18), Column(self.env._("Our Answer"), 'wrap', width=44)]
        sheet.block(columns, [[one.position, one.competitor_id.name, threats[one.threat], one.answer]
                              for one in plan.competitor_ids])

    def _write_commitments(self, sheet, plan):
        if not plan.commitment_ids:
            return
        labels = self.data.labels('kam.plan.commitment', 'kind', 'side')
        self.heading(sheet, self.env._("Commitments"))
        columns = [
            Column(self.env._("Commitment"), 'wrap', width=44), Column(self.env._("Kind"), 'wrap', width=30),
            Column(self.env._("By When"), 'date', width=18), Column(self.env._("Who"), 'wrap', width=44)]
        sheet.block(columns, [
            [one.name, labels['kind'][one.kind], one.date_due or None, labels['side'][one.side]]
            for one in plan.commitment_ids])
