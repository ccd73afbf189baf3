"""Databases for setup/dataset: one with Odoo's own modules and the company as a template, copies of it, the addons."""
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import check
import dataset_load
import psycopg2
from psycopg2.extensions import quote_ident

from odoo import SUPERUSER_ID, api, release
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config

STATE = check.TOP / ".kam"
# First word of the comment of a database that setup/dataset built. Not "kam": that is setup/run's.
MARK = "kam-dataset"
# A server given by PGHOST may serve several checkouts, which do not share their files.
CHECKOUT = hashlib.sha256(str(check.TOP).encode()).hexdigest()[:6]
BASE = f"kam_dataset_base_{CHECKOUT}"


class InstallFailed(Exception):
    """Odoo could not install or update modules; the message says where to look."""


config.parse_config(
    ["--no-http", "--log-level=warn", f"--logfile={STATE / 'logs' / 'dataset.log'}"], setup_logging=True)


# ---------------------------------------------------------------- PostgreSQL

@contextmanager
def server(database="postgres"):
    """A cursor outside of transactions, as CREATE DATABASE and VACUUM want it."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def run(template, *names, arguments=()):
    with server() as cursor:
        cursor.execute(template.format(*(quote_ident(name, cursor) for name in names)), arguments)


def is_name(text):
    """Whether a user may choose it; no dots, which mark what setup/dataset needs besides."""
    reserved = text.startswith("kam_dataset_base") or text in ("postgres", "template0", "template1")
    return bool(re.fullmatch(r"[A-Za-z0-9][\w-]{0,49}", text, re.A)) and not reserved


def exists(name):
    with server() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.fetchone())


def comment(name):
    with server() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        return (cursor.fetchone() or [None])[0]


def set_comment(name, *words):
    run("COMMENT ON DATABASE {} IS %s", name, arguments=[" ".join((MARK, *words))])


def filestore(name):
    return Path(config.filestore(name))


def drop(name):
    Registry.delete(name)
    close_db(name)
    run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(filestore(name), ignore_errors=True)


def copy(source, name):
    drop(name)
    run("CREATE DATABASE {} TEMPLATE {}", name, source)
    if filestore(source).exists():
        shutil.copytree(filestore(source), filestore(name), copy_function=os.link)


def replace(name, part):
    """Gives the finished database its name."""
    drop(name)
    Registry.delete(part)
    close_db(part)
    with server() as cursor:
        # A server that runs here may look into every database.
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [part])
    run("ALTER DATABASE {} RENAME TO {}", part, name)
    if filestore(part).exists():
        filestore(part).rename(filestore(name))


def analyse(name):
    close_db(name)
    with server(name) as cursor:
        cursor.execute("VACUUM ANALYZE")


# ---------------------------------------------------------------- Odoo

@contextmanager
def environment(name):
    """An environment of the superuser; what it did is committed at the end."""
    registry = Registry(name)
    try:
        with registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
    finally:
        Registry.delete(name)
        close_db(name)


def run_odoo(name, title, *arguments):
    """Odoo's command line in a process of its own: modules are loaded from scratch."""
    log = STATE / "logs" / f"dataset-{title}.log"
    with open(log, "w") as output:
        code = subprocess.call(
            [sys.executable, "-m", "odoo", "-d", name, "--no-http", "--stop-after-init", *arguments],
            stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if code or check.problems(log):
        problems = check.problems(log) or log.read_text(errors="replace").splitlines()[-15:]
        raise InstallFailed("\n".join([f"Odoo could not {title} the modules.", *problems, f"The whole log: {log}"]))


def install_addons(name):
    run_odoo(name, "install", "-i", ",".join(check.ADDONS))


def base_key():
    """What the template is made of. The path of Odoo's tree holds its version (setup/lib.sh)."""
    parts = (release.version, release.__file__, *check.depends(), Path(dataset_load.__file__).read_text())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def base(step):
    """Name of the template with Odoo's own modules and the company; built where it is missing or old."""
    with open(STATE / "dataset-base.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if comment(BASE) == f"{MARK} {base_key()}":
            return BASE
        with step("Odoo's own modules (once)"):
            build_base()
    return BASE


def build_base():
    drop(BASE)
    run("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'", BASE)
    run_odoo(BASE, "prepare", "-i", ",".join(check.depends()))
    with environment(BASE) as env:
        dataset_load.prepare_company(env)
    # Nobody shall be connected to it while it is copied.
    run("ALTER DATABASE {} ALLOW_CONNECTIONS false", BASE)
    set_comment(BASE, base_key())
