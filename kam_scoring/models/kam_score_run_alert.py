import logging

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo import fields, models
from odoo.exceptions import UserError

from .. import alerts
from ..alerts import CAUSES
from ..metrics import Scope

_logger = logging.getLogger(__name__)


class KamScoreRun(models.Model):
    """A run ends with the alerts: it opens, follows and ends them. What fails there leaves the scores alone."""
    _inherit = 'kam.score.run'

    def _follow_ups(self):
        return [*super()._follow_ups(), *self._refresh_alerts()]

    def _refresh_alerts(self):
        """Refresh the alerts of the programme cause by cause; return what people should know, in sentences.

        Each cause has a savepoint of its own: one that cannot be computed keeps its alerts, and stops no other.
        """
        self.program_id._create_alert_rules()
        scope = Scope.of(self.program_id, self.date)
        env = scope.reader_env
        rules = self.program_id.alert_rule_ids.filtered(lambda rule: rule.active and rule.cause in CAUSES)
        self.env.flush_all()  # the statements read tables
        notes, opened = [], []
        ended = alerts.refresh.expire(scope, rules.mapped('cause'))
        for rule in rules.filtered(self._can_tell):
            try:
                with self.env.cr.savepoint(flush=False):
                    new, gone = alerts.refresh.refresh(scope, rule)
            except SerializationFailure:
                notes.append(env._("%s: somebody changed its alerts at the same moment. The next run looks again.",
                                   rule.with_env(env).display_name))
            except (psycopg2.DataError, psycopg2.ProgrammingError, psycopg2.IntegrityError, ArithmeticError,
                    LookupError, TypeError, ValueError) as error:
                _logger.error("alerts of cause %s in %s failed: %s", rule.cause, self.program_id.name, error)
                notes.append(env._(
                    "Alerts could not be computed and stay as they are: %(cause)s: %(error)s",
                    cause=rule.with_env(env).display_name, error=str(error).strip()))
            else:
                opened += new
                ended += gone
        self.env['kam.alert'].invalidate_model()
        self.env['kam.account'].invalidate_model(['attention', 'open_alert_count', 'alert_ids'])
        notes += self._follow_with_activities(env, rules, opened, ended)
        return [*self._alert_notes(env, opened, ended), *notes]

    def _can_tell(self, rule):
        return CAUSES[rule.cause].is_replayable or self.date >= fields.Date.today()

    def _follow_with_activities(self, env, rules, opened, ended):
        """Start the playbooks of new alerts, cancel those of ended ones; return what went wrong, in sentences."""
        Alert = self.env['kam.alert']
        try:
            with self.env.cr.savepoint():
                Alert.browse(ended)._cancel_playbooks()
                Alert._launch_playbooks(Alert.browse(opened), {rule.cause: rule.plan_id for rule in rules})
        except (UserError, psycopg2.DataError, psycopg2.IntegrityError, ValueError) as error:
            _logger.error("playbooks of alerts in %s failed: %s", self.program_id.name, error)
            return [env._("Playbooks could not be planned: %s", str(error).strip())]
        return []

    def _alert_notes(self, env, opened, ended):
        if opened:
            yield env._("New alerts: %s.", len(opened))
        if ended:
            yield env._("Alerts that ended by themselves: %s.", len(ended))
