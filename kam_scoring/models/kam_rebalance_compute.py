import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rebalancing import question_of, words
from .kam_rebalance import OPEN_STATES

_logger = logging.getLogger(__name__)

# Up to so many pairs of account and person somebody waits for the answer; more is computed in the background.
LIVE_PAIRS = 2000
SOLVED = ('optimal', 'best')
# The scenario that is chosen as long as nobody chooses another one: the first of these that there is.
PREFERRED = ('balanced', 'fewest', 'fairest')


class KamRebalance(models.Model):
    """Computing the scenarios, at once or in the background."""
    _inherit = 'kam.rebalance'

    def action_compute(self):
        """Compute all scenarios from the records of this moment. What people edited by hand is kept and checked."""
        self.ensure_one()
        self._check_manager()
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("%s is being computed, or has been decided.", self.name))
        if self.date < fields.Date.context_today(self):
            raise UserError(self.env._("The first day of %s has passed. Choose a later one.", self.name))
        rebalance = self._open()
        if rebalance._is_large():
            rebalance.write({'state': 'computing', 'progress': 0, 'message': False})
            self.env.ref('kam_scoring.ir_cron_rebalance_computing')._trigger()
        else:
            rebalance._compute_scenarios()
        return True

    def _open(self):
        """As superuser: results are closed to users, and facts count whoever may read them. Callers have checked."""
        return self.sudo().with_context(tracking_disable=True)

    def _is_large(self):
        role = 'sponsor' if self.question == 'sponsors' else 'manager'
        count = self.question != 'tiers' and self.env['kam.assignment'].search_count([
            ('program_id', '=', self.program_id.id), ('role', '=', role), ('is_current', '=', True),
            ('user_id', 'in', self.person_ids.user_id.ids)])
        return count * len(self.person_ids) > LIVE_PAIRS

    def _compute_scenarios(self):
        """Replace the scenarios; without an answer, the message says in words why there is none."""
        try:
            with self.env.cr.savepoint():
                for _percent in self._replace_scenarios():
                    pass
        except (UserError, psycopg2.DataError, psycopg2.ProgrammingError) as error:
            self._fail(error)

    def _fail(self, error):
        is_expected = isinstance(error, UserError)
        text = str(error) if is_expected else self.env._("It stopped with an error: %s", str(error).strip())
        _logger.log(logging.INFO if is_expected else logging.ERROR, "rebalancing %s failed: %s", self.id, error)
        self.write({'state': 'draft', 'message': text, 'progress': 0})

    def _replace_scenarios(self):
        """Step by step; yield how many percent are done."""
        question = self._question()
        hand = self.scenario_ids.filtered(lambda scenario: scenario.kind == 'hand')[:1]
        places_by_hand = hand._places()
        self.date_consulted = False
        self.scenario_ids.unlink()
        self._keep_elsewhere(question)
        today = question.today()
        self._write_scenario(question, 'today', today)
        if hand:
            kept = {key: place for key, place in places_by_hand.items()
                    if key in question.by_key and place in question.bin_of}
            self._write_scenario(question, 'hand', {**today, **kept})
        yield 10
        for position, (kind, problem) in enumerate(question.variants()):
            self._write_solution(question, kind, question.solve(problem, self.seconds / 3))
            yield 40 + 30 * position
        by_kind = {scenario.kind: scenario for scenario in self.scenario_ids}
        chosen = next((by_kind[kind] for kind in PREFERRED if by_kind[kind].state in SOLVED), None)
        self.write({
            'scenario_id': chosen and chosen.id, 'state': 'proposed', 'date_computed': fields.Datetime.now(),
            'progress': 100, 'is_outdated': False,
            'message': self._notes(question) if chosen else by_kind['balanced'].conflict})

    def _question(self):
        """The question with the facts of this moment, in words for whoever has asked it."""
        rebalance = self.with_context(lang=self.requester_id.lang or self.env.lang)
        question = question_of(rebalance)
        if not question.accounts:
            raise UserError(self.env._(
                "There is nothing to share out: nobody on the list holds a seat in %s, and no key account is without "
                "one. Add people, or seats.", self.program_id.name) if self.question != 'tiers' else self.env._(
                "There is nothing to decide: %s has no key accounts, and no customer whose score makes it one. Score "
                "the programme first.", self.program_id.name))
        return question

    def _keep_elsewhere(self, question):
        for person in self.person_ids:
            count, points = question.elsewhere.get(person.user_id.id, (0, 0.0))
            if (person.accounts_elsewhere, person.points_elsewhere) != (count, points):
                person.write({'accounts_elsewhere': count, 'points_elsewhere': points})

    def _notes(self, question):
        """What people should know about the answer."""
        if self.question == 'tiers' and not question.rules:
            return self.env._(
                "%s has no published scoring model: without scores nobody is promoted.", self.program_id.name)
        return False

    # Writing scenarios

    def _write_solution(self, question, kind, solution):
        values = {'state': solution.state, 'gap': 100 * solution.gap, 'seconds': solution.seconds}
        if solution.state in SOLVED:
            return self._write_scenario(question, kind, solution.places, **values)
        conflict = question.env._(
            "No answer was found within the time limit. Allow more seconds, or loosen some rules.")
        if solution.state == 'infeasible':
            conflict = words.conflict_text(question, solution.conflict)
        return self._create_scenario(kind, conflict=conflict, **values)

    def _write_scenario(self, question, kind, places, **values):
        """A scenario with one row per account and one per person or tier, each kind of row by one statement."""
        known = question.evaluate(places)
        scenario = self._create_scenario(kind, **{
            'state': False, **values, 'imbalance': known.imbalance, 'broken_count': len(known.broken)})
        moves = question.move_rows(places)
        scenario.write({'move_count': sum(row['is_move'] for row in moves), 'cost': sum(row['cost'] for row in moves)})
        self.env.flush_all()
        common = {'scenario_id': scenario.id, 'rebalance_id': self.id, 'program_id': self.program_id.id}
        self.env['kam.rebalance.move']._insert_rows([
            {**common, 'decision': 'waiting', 'state': 'proposed', **row} for row in moves])
        self.env['kam.rebalance.load']._insert_rows([{**common, **row} for row in question.load_rows(places)])
        scenario.invalidate_recordset(['move_ids', 'load_ids'])
        return scenario

    def _create_scenario(self, kind, **values):
        kinds = [one for one, _label in self.env['kam.rebalance.scenario']._fields['kind'].selection]
        return self.env['kam.rebalance.scenario'].create({
            'rebalance_id': self.id, 'kind': kind, 'sequence': 10 * kinds.index(kind), **values})

    # Scheduled

    @api.model
    def _cron_compute(self):
        """Work off what people wait for. A worker that died is followed by the next one, which starts anew."""
        commit = self.env['ir.cron']._commit_progress
        waiting = self.search([('state', '=', 'computing')], order='id')
        commit(remaining=len(waiting))
        for rebalance in waiting:
            try:
                rebalance._open()._work_off(commit)
            except Exception as error:  # whatever it is, the others go on
                self.env.cr.rollback()
                if rebalance.exists():
                    rebalance._open()._fail(error)
            commit(1)

    def _work_off(self, commit):
        """Compute one scenario after the other; each is committed, so that others see how far it is."""
        if not self._is_mine():
            return
        for percent in self._replace_scenarios():
            self.progress = percent
            commit()
            if not self._is_mine():
                return  # given up by its people, or taken by another worker

    def _is_mine(self):
        """Only one worker holds the row."""
        return bool(self.try_lock_for_update(allow_referencing=True)) and self.state == 'computing'
