"""Uninstalling the addons takes everything of ours away, and leaves sales documents as they were."""
import os

import pytest
from conftest import CHECKOUT, command, copied, environment, execute

NAME = f"kam_uninstall_test_{CHECKOUT}_{os.getpid()}"
DOCUMENTS = {
    "sale_order": "partner_id, state, amount_total, write_date",
    "sale_order_line": "order_id, product_id, price_total",
    "account_move": "partner_id, state, amount_total, write_date",
    "account_move_line": "move_id, account_id, balance",
}


def documents():
    """{table: (number of rows, hash of what they say)}"""
    return {
        table: execute(f"SELECT COUNT(*), MD5(STRING_AGG(ROW(id, {columns})::text, '' ORDER BY id)) FROM {table}", NAME)
        for table, columns in DOCUMENTS.items()}


@pytest.fixture
def database():
    with copied(NAME) as name:
        yield name


def test_documents_stay(database):
    before = documents()
    assert before["sale_order"][0][0] and before["account_move"][0][0]
    process = command("odoo", "module", "uninstall", "-d", database, "kam_management")
    assert process.returncode == 0, process.stderr[-2000:]
    assert documents() == before
    assert not execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'kam\\_%'", database)
    # The demo company's customers and documents belong to no addon (module kam_demo), and stay.
    assert not execute(
        "SELECT name FROM ir_model_data WHERE module IN ('kam_management', 'kam_scoring', 'kam_reports')", database)
    assert not execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE column_name LIKE 'kam\\_%' AND table_schema = 'public'", database)
    with environment(database) as env:
        for model in DOCUMENTS:
            views = env[model.replace("_", ".")].get_views([(False, "list"), (False, "form"), (False, "search")])
            assert "kam_" not in str(views["views"])
