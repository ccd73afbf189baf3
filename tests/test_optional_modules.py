"""What we read of apps that we do not depend on: deliveries, surveys, ratings and tasks, where those are installed.

One copy of the template with the apps in it; what each test makes is rolled back.
"""
import io
import os
from datetime import date, datetime

import pytest
from conftest import CHECKOUT, command, copied, environment, execute
from openpyxl import load_workbook

from odoo.fields import Command

from odoo.addons.kam_reports.report.pack_scope import PackScope
from odoo.addons.kam_scoring.metrics import METRICS
from odoo.addons.kam_scoring.metrics.base import Scope

NAME = f"kam_optional_test_{CHECKOUT}_{os.getpid()}"
APPS = "sale_stock,survey,project"
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
AS_OF = date(2026, 7, 31)


@pytest.fixture(scope="module")
def database():
    with copied(NAME) as name:
        # The app Inventory makes a warehouse for one company only, and then refuses the orders of the others.
        execute("DELETE FROM sale_order", name)
        process = command("odoo", "-d", name, "-i", APPS, "--without-demo", "--no-http", "--stop-after-init")
        assert process.returncode == 0, process.stderr[-2000:]
        yield name


class World:
    """A programme of one company with two customers: Acme, of Gold, and Beta; `jo` works at Acme's subsidiary."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.program = env["kam.program"].create({"name": "Programme", "company_ids": [Command.set(self.company.ids)]})
        self.gold = self.program.tier_ids.filtered(lambda tier: tier.value_class == "gold")
        self.acme_partner, self.asia, self.beta_partner = env["res.partner"].create([
            {"name": name, "is_company": True} for name in ("Acme", "Acme Asia", "Beta")])
        self.acme, self.beta = env["kam.account"].create([
            {"program_id": self.program.id, "partner_id": partner.id} for partner in (
                self.acme_partner, self.beta_partner)])
        self.acme.entity_ids = [Command.create({"partner_id": self.asia.id})]
        (self.acme | self.beta).sudo().tier_id = self.gold
        self.jo, self.kim = env["res.partner"].create([
            {"name": "Jo", "parent_id": self.asia.id, "email": "jo@acme.example"},
            {"name": "Kim", "parent_id": self.beta_partner.id, "email": "kim@beta.example"}])
        self.product = env["product.product"].create({"name": "Gearbox", "type": "consu"})

    def picking(self, partner, deadline, done=None, kind="out", quantity=2, company=None):
        """A transfer of two gearboxes, of which `quantity` have left at `done`; without it, none yet."""
        env, company = self.env, company or self.company
        warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1) or (
            env["stock.warehouse"].create({"name": "Elsewhere", "code": "ELSE", "company_id": company.id}))
        customers, stock = env.ref("stock.stock_location_customers"), warehouse.lot_stock_id
        source, target = {"out": (stock, customers), "in": (customers, stock), "int": (stock, stock)}[kind]
        picking = env["stock.picking"].create({
            "partner_id": partner.id, "picking_type_id": warehouse[f"{kind}_type_id"].id, "company_id": company.id,
            "location_id": source.id, "location_dest_id": target.id,
            "move_ids": [Command.create({
                "product_id": self.product.id, "product_uom_qty": 2, "location_id": source.id,
                "location_dest_id": target.id, "date_deadline": deadline, "company_id": company.id})]})
        picking.action_confirm()
        if done:
            picking.move_ids.write({"quantity": quantity, "picked": True})
            picking._action_done()
            picking.date_done = done
        return picking

    def promise(self, **values):
        return self.env["kam.promise"].create({
            "name": "On time", "tier_id": self.gold.id, "check": "delivery", "target_percent": 60,
            "role_id": self.env.ref("kam_management.role_supply_chain").id, **values})

    def metric(self, code):
        self.env.flush_all()
        return METRICS[code].values(Scope.of(self.program, AS_OF))

    def survey(self):
        """With a scored question (a good answer of 10 points, a poor one of 5) and two on a scale."""
        survey = self.env["survey.survey"].create({
            "title": "Your opinion", "scoring_type": "scoring_without_answers", "question_and_page_ids": [
                Command.create({
                    "title": "How was the service?", "question_type": "simple_choice",
                    "suggested_answer_ids": [
                        Command.create({"value": "Good", "answer_score": 10}),
                        Command.create({"value": "Poor", "answer_score": 5})]}),
                Command.create({
                    "title": "How likely are you to recommend us?", "question_type": "scale",
                    "scale_min": 0, "scale_max": 10}),
                Command.create({
                    "title": "How good are our documents?", "question_type": "scale",
                    "scale_min": 1, "scale_max": 5})]})
        return survey

    def answer(self, survey, day, points=None, choice=0, **values):
        """An entry; `points` are the answers on the two scales, None for a question that was skipped."""
        service, *scales = survey.question_and_page_ids
        entry = self.env["survey.user_input"].create({
            "survey_id": survey.id, "state": "done", "start_datetime": day, "end_datetime": day,
            "predefined_question_ids": [Command.set(survey.question_and_page_ids.ids)], **values})
        self.env["survey.user_input.line"].create([
            {"user_input_id": entry.id, "question_id": service.id, "answer_type": "suggestion",
             "suggested_answer_id": service.suggested_answer_ids[choice].id},
            *({"user_input_id": entry.id, "question_id": question.id, "answer_type": "scale", "value_scale": value}
              if value is not None else
              {"user_input_id": entry.id, "question_id": question.id, "skipped": True, "answer_type": False}
              for question, value in zip(scales, points or (None, None), strict=True))])
        return entry

    def voice(self, *domain):
        """[(account, source, topic, points, recommendation)], the oldest first."""
        self.env.flush_all()
        rows = self.env["kam.voice"].search([("program_id", "=", self.program.id), *domain], order="date, id")
        return [(row.account_id, row.source, row.topic, row.points, row.recommendation) for row in rows]


@pytest.fixture
def world(database):
    with environment(database) as env:
        yield World(env)
    env.registry.clear_all_caches()  # of records that are rolled back


# Deliveries

def test_deliveries_on_time(world):
    promise = world.promise()
    jo, beta, other = world.jo, world.beta_partner, world.env["res.company"].create({"name": "Elsewhere"})
    world.picking(jo, "2026-05-12 12:00:00", "2026-05-11 09:00:00")  # early
    world.picking(world.acme_partner, "2026-05-12 12:00:00", "2026-05-12 16:00:00")  # on the day
    world.picking(jo, "2026-05-12 12:00:00", "2026-05-13 09:00:00")  # late
    half = world.picking(jo, "2026-05-20 12:00:00", "2026-05-20 09:00:00", quantity=1)  # in time, the rest has not left
    assert half.backorder_ids.date_deadline == datetime(2026, 5, 20, 12) and half.backorder_ids.state != "done"
    world.picking(jo, "2026-05-25 12:00:00").action_cancel()
    world.picking(jo, "2026-05-12 12:00:00", "2026-05-30 09:00:00", kind="in")  # a return
    world.picking(jo, "2026-05-12 12:00:00", "2026-05-30 09:00:00", kind="int")
    world.picking(jo, "2026-05-12 12:00:00", "2026-05-30 09:00:00", company=other)
    world.picking(jo, False, "2026-05-30 09:00:00")  # nothing was promised
    world.picking(world.env["res.partner"].create({"name": "Nobody"}), "2026-05-12 12:00:00", "2026-05-30 09:00:00")
    world.picking(jo, "2026-06-12 12:00:00", "2026-06-12 09:00:00")
    world.picking(beta, "2026-05-12 12:00:00", "2026-05-12 09:00:00")
    for month in (MAY, JUNE):
        promise._measure(month)
    results = {(row.account_id, row.date): (row.total, row.kept, row.state) for row in promise.result_ids}
    assert results == {
        # Early, on the day, the first half; not the late one and what has not left at all.
        (world.acme, MAY): (5, 3, "kept"),
        (world.acme, JUNE): (1, 1, "kept"),
        (world.beta, MAY): (1, 1, "kept")}

    # The rest leaves late, and a second time nothing is counted twice.
    half.backorder_ids.move_ids.write({"quantity": 1, "picked": True})
    half.backorder_ids._action_done()
    half.backorder_ids.date_done = "2026-06-02 09:00:00"
    promise._measure(MAY)
    may = promise.result_ids.filtered(lambda row: row.date == MAY and row.account_id == world.acme)
    assert (may.total, may.kept, may.state) == (5, 3, "kept")

    # Of what has left: early, on the day, the first half and June of six.
    values = world.metric("on_time_delivery")
    assert {account: round(value, 1) for account, value in values.items()} == {
        world.acme.id: round(100 * 4 / 6, 1), world.beta.id: 100}
    model, domain = METRICS["on_time_delivery"].documents(Scope.of(world.program, AS_OF), world.acme)
    assert world.env[model].search_count(domain) == 6


def test_what_a_review_says_of_deliveries(world):
    for done in ("2026-05-12 16:00:00", "2026-05-14 09:00:00"):
        order = world.env["sale.order"].create({
            "partner_id": world.jo.id, "commitment_date": "2026-05-12 12:00:00",
            "order_line": [Command.create({"product_id": world.product.id, "product_uom_qty": 1})]})
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        order.picking_ids._action_done()
        order.picking_ids.date_done = done
    review = world.env["kam.review"].create({"account_id": world.acme.id, "kind": "business"})
    assert review._delivery_fact(MAY) == "1 of 2 orders on the day promised"


def test_proposed_promises(world):
    world.gold.action_propose_promises()
    promise = world.gold.promise_ids.filtered(lambda promise: promise.check == "delivery")
    assert promise.role_id == world.env.ref("kam_management.role_supply_chain")


# Surveys

def test_survey_score(world):
    survey = world.survey()
    world.answer(survey, "2026-05-10 12:00:00", partner_id=world.jo.id)
    world.answer(survey, "2026-06-10 12:00:00", partner_id=world.jo.id, choice=1)
    world.answer(survey, "2026-06-11 12:00:00", partner_id=world.jo.id, choice=1, test_entry=True)
    world.answer(survey, "2026-06-11 12:00:00", partner_id=world.jo.id, choice=1, state="in_progress")
    world.answer(survey, "2025-06-11 12:00:00", partner_id=world.jo.id, choice=1)
    assert world.metric("survey_score") == {world.acme.id: 75}


def test_voice_in_surveys(world):
    survey, acme, beta = world.survey(), world.acme, world.beta
    world.answer(survey, "2026-05-10 12:00:00", (9, 4), partner_id=world.jo.id)
    world.answer(survey, "2026-05-11 12:00:00", (0, None), email=" KIM@beta.example ", choice=1)
    assert world.voice() == [
        (acme, "survey", "satisfaction", 10, 0), (acme, "survey", "recommend", 9, 100),
        (acme, "survey", "satisfaction", 7.5, 0),
        (beta, "survey", "satisfaction", 5, 0), (beta, "survey", "recommend", 0, -100)]
    rows = world.env["kam.voice"].search([("program_id", "=", world.program.id)], order="date, id")
    assert len(set(rows.ids)) == 5
    assert set(rows.mapped("words")) == {
        "Your opinion", "How likely are you to recommend us?", "How good are our documents?"}
    assert rows.partner_id == world.jo | world.kim
    assert acme.voice_count == 3

    # Nobody's, of nobody's account, not finished, only a try, and not scored.
    world.answer(survey, "2026-05-12 12:00:00", (1, 1))
    world.answer(survey, "2026-05-12 12:00:00", (1, 1), email="who@nowhere.example")
    world.answer(survey, "2026-05-12 12:00:00", (1, 1), partner_id=world.jo.id, state="in_progress")
    world.answer(survey, "2026-05-12 12:00:00", (1, 1), partner_id=world.jo.id, test_entry=True)
    assert len(world.voice()) == 5
    survey.scoring_type = "no_scoring"
    assert len(world.voice()) == 3


def test_review_pack_counts_surveys(world):
    world.answer(world.survey(), "2026-05-10 12:00:00", (9, 4), partner_id=world.jo.id)
    scope = PackScope(world.program, world.acme, date_from=MAY, sections=("reviews",))
    world.env.flush_all()
    _name, content = world.env["kam.portfolio.report"]._pack(scope)
    [sheet] = (sheet for sheet in load_workbook(io.BytesIO(content)) if sheet.title == "Reviews")
    rated = {row[0]: row[1:4] for row in sheet.iter_rows(values_only=True)}
    assert rated["Satisfaction"] == (2, 8.75, 7.5)
    assert rated["Would Recommend Us"] == (1, 9, 9)


def test_account_analysis_counts_surveys(world):
    world.answer(world.survey(), "2026-05-10 12:00:00", (9, 4), partner_id=world.jo.id)
    analysis = world.env["kam.account.analysis"]
    analysis._refresh(world.program, AS_OF)
    [(satisfaction,)] = analysis._read_group(
        [("account_id", "=", world.acme.id), ("month", "=", MAY)], [], ["satisfaction:avg"])
    assert satisfaction == 8.75


def test_voice_of_an_address_known_at_two_accounts(world):
    world.env["res.partner"].create({
        "name": "Jo", "parent_id": world.beta_partner.id, "email": "jo@acme.example"})
    survey = world.survey()
    world.answer(survey, "2026-05-10 12:00:00", (9, 4), email="jo@acme.example")
    assert not world.voice()
    world.answer(survey, "2026-05-10 12:00:00", (9, 4), partner_id=world.jo.id)
    assert {account for account, *_rest in world.voice()} == {world.acme}


def test_voice_of_both_over_time(world):
    """Who sees what, in another programme too, beside what was said at a review."""
    env = world.env
    second = env["kam.program"].create({"name": "Second", "company_ids": [Command.set(world.company.ids)]})
    twin = env["kam.account"].create({"program_id": second.id, "partner_id": world.asia.id})
    world.answer(world.survey(), "2026-05-10 12:00:00", (9, 4), partner_id=world.jo.id)
    review = env["kam.review"].create({"account_id": world.acme.id, "kind": "business"})
    review._prepare_scorecard()
    review.scorecard_ids.filtered(lambda rating: rating.dimension == "recommend").answer = "6"
    env.flush_all()
    Voice = env["kam.voice"]
    assert len(Voice.search([("account_id", "=", twin.id)])) == 3
    everything = Voice.search([("account_id", "in", (world.acme | twin).ids)])
    assert len(set(everything.ids)) == 7
    groups = Voice._read_group(
        [("account_id", "=", world.acme.id), ("topic", "=", "recommend")], ["source"], ["recommendation:avg"])
    assert groups == [("review", -100), ("survey", 100)]

    manager = env["res.users"].create({
        "name": "Manager", "login": NAME, "company_id": world.company.id, "company_ids": world.company.ids,
        "group_ids": [Command.set(env.ref("kam_management.group_kam_user").ids)]})
    env["kam.assignment"].create({
        "account_id": world.acme.id, "user_id": manager.id, "date_from": "2024-01-01",
        "role_id": env.ref("kam_management.role_manager").id})
    env.flush_all()
    seen = Voice.with_user(manager).search([("account_id", "in", (world.acme | twin | world.beta).ids)])
    assert seen.account_id == world.acme and len(seen) == 4
    assert seen.web_read({"words": {}, "partner_id": {"fields": {"display_name": {}}}})


# Ratings and tasks

def test_rating(world):
    env = world.env
    task = env["project.task"].create({"name": "Build", "partner_id": world.jo.id})
    for points, consumed, partner in ((5, True, world.jo), (3, True, world.acme_partner), (1, False, world.jo)):
        env["rating.rating"].create({
            "res_model_id": env["ir.model"]._get_id("project.task"), "res_id": task.id, "rating": points,
            "consumed": consumed, "partner_id": partner.id}).rated_on = "2026-06-10 12:00:00"
    assert world.metric("rating") == {world.acme.id: 4}


def test_overdue_tasks(world):
    task = world.env["project.task"].create({
        "name": "Build", "partner_id": world.jo.id, "date_deadline": "2026-06-10 12:00:00"})
    world.env.flush_all()
    world.env.cr.execute("UPDATE project_task SET create_date = '2026-06-01' WHERE id = %s", [task.id])
    assert world.metric("overdue_tasks") == {world.acme.id: 1}


def test_no_field_of_ours_has_the_name_of_an_app_s(world):
    """As when the app Ratings gave every thread a field `rating_ids`, and scorecards could not be written any more."""
    ours = {"kam_management", "kam_scoring", "kam_reports"}
    needed = set(world.env["ir.module.module"].search([("name", "in", list(ours))]).upstream_dependencies(
        exclude_states=("uninstallable",)).mapped("name"))
    clashes = [
        f"{name}.{field.name}: {field._modules}" for name in world.env if name.startswith("kam.")
        for field in world.env[name]._fields.values()
        if ours & set(field._modules) and set(field._modules) - ours - needed]
    assert not clashes


def test_every_metric_of_an_app_can_be_asked(world):
    asked = [code for code, metric in METRICS.items() if metric.requires and metric.is_available(world.env)]
    assert {"rating", "survey_score", "on_time_delivery", "overdue_tasks"} <= set(asked)
    for code in asked:
        world.metric(code)
        answer = METRICS[code].documents(Scope.of(world.program, AS_OF), world.acme)
        model, domain = answer if isinstance(answer, tuple) else ("account.move", answer)
        world.env[model].search_count(domain)
