"""Scores the demo company and writes its review packs. Run by setup/run through `odoo shell`, which provides `env`.

Environment: KAM_SUMMARY, the file for the summary; KAM_RESCORE, not empty to score although it was done today.
"""
import os
from datetime import date
from pathlib import Path

from odoo import fields

env = env  # noqa: F821, PLW0127  # the shell's


def last_runs():
    """The latest run of each programme, None for a programme never scored."""
    Run = env["kam.score.run"]
    return {
        program: Run.search([
            ("program_id", "=", program.id), ("purpose", "=", "selection"), ("account_id", "=", False),
        ], order="id desc", limit=1)
        for program in env["kam.program"].search([])
    }


def is_of_today(run):
    return bool(run) and fields.Date.to_date(run.date) == fields.Date.today()


if os.environ.get("KAM_RESCORE") or not all(map(is_of_today, last_runs().values())):
    env.ref("kam_scoring.ir_cron_score").method_direct_trigger()
    env.cr.commit()
    env.invalidate_all()

champion = env["res.users"].search([("login", "=", "champion")])
if not champion:
    raise SystemExit("The demo data has no user champion.")

# In the language of the reader of the pack.
as_champion = env(user=champion.id, context=champion.with_user(champion).context_get())

lines = [f"{date.today()} {env.cr.dbname}"]
out = Path("out")
out.mkdir(exist_ok=True)
for program, run in last_runs().items():
    if not is_of_today(run):
        raise SystemExit(f"The scheduled action did not score the programme {program.display_name}.")
    lines.append(
        f"scored {program.display_name}: {run.account_count} accounts, {run.proposal_count} proposals"
        f" ({run.state}, {run.duration:.1f} s)")
    filename, content = as_champion["kam.portfolio.report"]._review_pack(program.with_env(as_champion))
    path = out / filename
    path.with_suffix(".part").write_bytes(content)
    path.with_suffix(".part").rename(path)
    lines.append(f"file {path}")
Path(os.environ["KAM_SUMMARY"]).write_text("\n".join(lines) + "\n")
