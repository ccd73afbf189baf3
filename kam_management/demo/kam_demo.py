import logging
from time import monotonic

from odoo import api, models

from .accounts import load_accounts
from .companies import load_companies, load_rights, load_users
from .customers import load_customers, load_products
from .governance import load_governance
from .ledger import load_ledger
from .objectives import load_objectives
from .pipeline import load_meetings, load_opportunities, load_quotations
from .plans import load_plan_steps, load_plans
from .records import record
from .reviews import load_practices, load_reviews, load_sitting
from .service import load_issues, load_promises, load_risks
from .stakeholders import load_stakeholders
from .wallets import load_forecasts, load_wallets

_logger = logging.getLogger(__name__)

BUSINESS = (
    load_companies, load_users, load_products, load_customers, load_ledger, load_opportunities, load_quotations,
    load_meetings)
PROGRAMME = (load_rights, load_accounts, load_governance)
PLANS = (load_plans, load_stakeholders, load_wallets, load_forecasts, load_objectives, load_plan_steps)
SERVICE = (load_issues, load_risks, load_promises)
REVIEWS = (load_reviews, load_practices, load_sitting)


class KamDemo(models.AbstractModel):
    """Loads Nordwind, the company of the demonstration. Only data files of demo data call it."""
    _name = 'kam.demo'
    _description = "Key Account Demonstration Company"

    @api.model
    def _load(self):
        """Load what is not there yet; what people did with the rest stays as it is."""
        # A past of thirty months was not tracked, mailed or followed when it happened.
        env = self.env(su=True, context=dict(
            self.env.context, lang='en_US', tracking_disable=True, mail_create_nosubscribe=True,
            mail_create_nolog=True, mail_notrack=True, mail_auto_subscribe_no_notify=True))
        if not record(env, 'company', 'eu', raise_if_not_found=False):
            self._take(env, BUSINESS)
        # Uninstalled and back again, the programme starts anew with the customers that are there.
        if not record(env, 'account', 'rheinstahl', raise_if_not_found=False):
            self._take(env, PROGRAMME)
        # A demonstration company of an earlier version has no plans yet.
        if not record(env, 'plan', 'rheinstahl', raise_if_not_found=False):
            self._take(env, PLANS)
        if not env['kam.issue'].search_count([], limit=1):
            self._take(env, SERVICE)
        # Nor reviews, before there were any.
        if not env['kam.review'].search([('account_id', '=', record(env, 'account', 'rheinstahl').id)], limit=1):
            self._take(env, REVIEWS)

    @api.model
    def _take(self, env, steps):
        for step in steps:
            start = monotonic()
            step(env)
            env.flush_all()
            _logger.info("Demo company: %s in %.1f s", step.__name__, monotonic() - start)
