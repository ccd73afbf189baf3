"""Tests that cross addons: databases of their own, built by the commands in setup/."""
import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config

TOP = Path(__file__).resolve().parent.parent
# Two checkouts may use one database server.
CHECKOUT = hashlib.sha256(str(TOP).encode()).hexdigest()[:6]
# Our addons with demo data; setup/test builds it.
TEMPLATE = "kam_test_template"


def command(name, *arguments):
    """Runs a command of setup/; a CompletedProcess."""
    return subprocess.run(
        [TOP / "setup" / name, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
        timeout=1200)


def registry(database):
    """The registry of another database than pytest-odoo's. With test_enable on, loading it would start Odoo's tests."""
    enabled, config["test_enable"] = config["test_enable"], False
    try:
        return Registry(database)
    finally:
        config["test_enable"] = enabled


@contextmanager
def environment(database):
    """An environment of the superuser in any database; what it does is rolled back."""
    with registry(database).cursor() as cr:
        try:
            yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})
        finally:
            cr.rollback()


def forget(database):
    """Ends this process's connections, so that the database can be changed from outside."""
    Registry.delete(database)
    close_db(database)


def execute(query, database="postgres"):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(query)
        result = cursor.fetchall() if cursor.description else None
    connection.close()
    return result


@contextmanager
def copied(name):
    """A copy of the template under that name, for what has to be committed."""
    if not execute(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
        pytest.skip(f"There is no database {TEMPLATE}; setup/test builds it.")
    try:
        execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        yield name
    finally:
        forget(name)
        execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(config.filestore(name), ignore_errors=True)


@pytest.fixture(scope="session")
def shared():
    """The folder with real data, which lies beside the checkout and belongs to no repository."""
    folder = Path(os.environ.get("KAM_SHARED") or TOP.parent / "shared")
    if not (folder / "data" / "online_retail.csv.gz").exists():
        pytest.skip(f"The shared data is not here: {folder}/data/online_retail.csv.gz (KAM_SHARED names the folder).")
    return folder
