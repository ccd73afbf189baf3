from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

STYLES = {
    'sold': 'table-success', 'open': 'table-info', 'white': 'table-warning', 'blocked': 'table-secondary',
    'conflict': 'table-danger', 'nothing': '', 'unknown': ''}
# Accounts of a page: as many as a programme can look after.
ROWS = 200
SOURCE_ICONS = {'customer': 'fa-user-o', 'report': 'fa-file-text-o', 'study': 'fa-bar-chart', 'team': 'fa-users'}
HOLDER_ICONS = {'competitor': 'fa-shield', 'in_house': 'fa-industry', 'nobody': 'fa-circle-o'}


class KamWalletLine(models.Model):
    """The whitespace grid: accounts by product category, or the legal entities of one account.

    scope is {'account_id': an account or False, 'show': 'spend', 'ours' or 'white', 'offset': accounts before the first
    one shown}. A row is an account, or an entity of the account (0: all together).
    """
    _inherit = 'kam.wallet.line'

    @api.model
    def get_grid(self, scope):
        """What the grid shows, in a fixed number of queries whatever the number of cells."""
        accounts, pager = self._grid_accounts(scope)
        by_entity = bool(scope.get('account_id'))
        programs = accounts.program_id
        categories = self.env['product.category'].union(
            *(program._wallet_categories() for program in programs)).sorted('complete_name')
        currencies = programs.currency_id
        rows = self._entity_rows(accounts) if by_entity else [
            {'id': account.id, 'label': account.display_name, 'action': 'open_account',
             'hint': f'{account.tier_id.name} · {account.currency_id.name}' if len(currencies) > 1
             else account.tier_id.name}
            for account in accounts]
        return {
            'corner': self.env._("Legal Entity") if by_entity else self.env._("Account"),
            'rows': rows,
            'columns': [{'id': categ.id, 'label': categ.name} for categ in categories],
            'cells': self._grid_cells(scope, accounts, categories, rows) if categories else {},
            'choices': [{
                'name': 'show', 'label': self.env._("Amount"), 'value': scope.get('show') or 'spend',
                'options': [
                    {'id': 'spend', 'label': self.env._("Their Spend")}, {'id': 'ours', 'label': self.env._("Ours")},
                    {'id': 'white', 'label': self.env._("Not Ours")}]}],
            'buttons': [{'name': 'open_list', 'label': self.env._("As a List")}],
            'pager': pager,
            'warning': self._grid_warning(pager),
            'can_edit': (scope.get('show') or 'spend') == 'spend',
            'legend': [{'label': label, 'style': STYLES[state]}
                       for state, label in self._fields['state']._description_selection(self.env) if STYLES[state]],
            'note': accounts and self.env._(
                "Amounts of a year in %s. Ours: invoices of the last 12 months. Type 0 where the customer spends "
                "nothing; an empty cell is not estimated.", ", ".join(currencies.mapped('name'))) or "",
            'empty': {
                'title': self.env._("No white spot to look for yet"),
                'text': self.env._("Key accounts that you look after stand here with what they buy, and from whom.")},
        }

    @api.model
    def _grid_accounts(self, scope):
        Account = self.env['kam.account']
        if scope.get('account_id'):
            account = Account.browse(scope['account_id'])
            account.check_access('read')
            return account, False
        domain = [('is_key', '=', True)]
        total = Account.search_count(domain)
        # Accounts may have left since the last page was shown.
        offset = scope.get('offset') or 0
        offset = offset if 0 <= offset < total else 0
        return Account.search(domain, offset=offset, limit=ROWS), {'offset': offset, 'limit': ROWS, 'total': total}

    @api.model
    def _grid_warning(self, pager):
        if not pager or pager['total'] <= pager['limit']:
            return ""
        first, total = pager['offset'], pager['total']
        last = min(first + pager['limit'], total)
        return self.env._(
            "Accounts %(first)s to %(last)s of %(total)s, by tier; %(hidden)s are not on this page. Turn the page at "
            "the top right, or open \"As a List\" to filter.", first=first + 1, last=last, total=total,
            hidden=total - (last - first))

    @api.model
    def _entity_rows(self, account):
        # The names of entities belong to the account, whoever may read it (sudo).
        entities = account.sudo().entity_ids.partner_id
        return [{'id': 0, 'label': self.env._("All legal entities"), 'total': True}, *(
            {'id': entity.id, 'label': entity.name, 'hint': entity.country_id.name or ''} for entity in entities)]

    @api.model
    def _grid_cells(self, scope, accounts, categories, rows):
        lines = {(line.account_id.id, line.entity_id.id or 0, line.categ_id.id): line
                 for line in self.search([('account_id', 'in', accounts.ids)])}
        sales = defaultdict(float)
        for (account_id, entity_id, categ_id), (now, _before) in accounts._category_sales().items():
            sales[account_id, entity_id, categ_id] += now
            sales[account_id, 0, categ_id] += now
        writable = accounts._filtered_access('write')
        cells = {}
        for row in rows:
            account_id, entity_id = (accounts.id, row['id']) if scope.get('account_id') else (row['id'], 0)
            for categ in categories:
                key = account_id, entity_id, categ.id
                cells[f"{row['id']}:{categ.id}"] = self._grid_cell(
                    lines.get(key, self.browse()), sales[key], scope.get('show') or 'spend',
                    account_id in writable._ids)
        return cells

    @api.model
    def _grid_cell(self, line, now, show, is_writable):
        state = line.state if line else 'sold' if now > 0 else 'unknown'
        value = {'spend': line.spend, 'ours': now, 'white': line.white_amount}[show]
        empty = 0 if show == 'spend' and line.spends_nothing else False
        flags = [text for flag, text in (
            (line.is_share_down, self.env._("Sales up, share down")),
            (line.is_slower, self.env._("Slower than the customer"))) if flag]
        return {
            'value': round(value) if value else empty, 'state': state, 'style': STYLES[state], 'flags': flags,
            'is_editable': is_writable, 'text': self._grid_text(line, now), 'title': self._grid_title(line, state),
            'marks': self._grid_marks(line), 'actions': self._grid_actions(line, state) if is_writable else []}

    @api.model
    def _grid_text(self, line, now):
        ours = formatLang(self.env, now, digits=0)
        if line.spend and now:
            return self.env._("ours %(amount)s · %(share)s %%", amount=ours, share=round(line.share))
        if now:
            return self.env._("ours %s", ours)
        return self.env._("spends nothing") if line.state == 'nothing' else ""

    @api.model
    def _grid_marks(self, line):
        """Below the amount, small: how we know it, how sure we are, and who gets what is not ours."""
        marks = []
        if line.spend or line.spends_nothing:
            marks.append(self._estimate_mark(line))
        if line.holder or line.competitor_id:
            holder = dict(self._fields['holder']._description_selection(self.env)).get(line.holder)
            text = line.competitor_id.name or holder
            marks.append({
                'icon': HOLDER_ICONS[line.holder or 'competitor'], 'text': text,
                'title': self.env._("Holds the rest: %s", text)})
        return marks

    @api.model
    def _estimate_mark(self, line):
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ('source', 'confidence')}
        source = labels['source'][line.source]
        title = self.env._(
            "Source: %(origin)s. Confidence: %(confidence)s. Estimated on %(date)s.",
            origin=f"{source} ({line.source_note})" if line.source_note else source,
            confidence=labels['confidence'][line.confidence], date=format_date(self.env, line.date_estimated))
        sure = int(line.confidence)
        return {'icon': SOURCE_ICONS[line.source], 'text': "●" * sure + "○" * (3 - sure), 'title': title,
                'style': 'text-warning' if line.is_outdated else ''}

    @api.model
    def _grid_title(self, line, state):
        labels = dict(self._fields['state']._description_selection(self.env))
        return " · ".join(part for part in (
            labels[state], line.conflict_message, line.is_blocked and line.blocked_reason,
            line.is_outdated and self.env._("Estimate older than a year")) if part)

    @api.model
    def _grid_actions(self, line, state):
        actions = []
        if state in ('white', 'sold', 'open', 'unknown'):
            title = self.env._("Open the opportunity") if line.lead_count else self.env._("Create an opportunity")
            actions.append({'name': 'create_opportunity', 'icon': 'fa-star' if line.lead_count else 'fa-star-o',
                            'title': title})
        return [*actions, {'name': 'open_line', 'icon': 'fa-pencil', 'title': self.env._("Who holds the rest, and how "
                                                                                         "we know")}]

    @api.model
    def set_cell(self, scope, row_id, column_id, value):
        """Write their spend, and give back the grid. 0 means that they spend nothing; False, that nobody knows."""
        self._grid_line(scope, row_id, column_id).write({
            'spend': value or 0, 'spends_nothing': value is not False and not value})
        return self.get_grid(scope)

    @api.model
    def _grid_line(self, scope, row_id, column_id):
        """The line of a cell, made where there is none; with the rights of the user."""
        account_id, entity_id = (scope['account_id'], row_id) if scope.get('account_id') else (row_id, False)
        self.env['kam.account'].browse(account_id).check_access('write')
        line = self.search([
            ('account_id', '=', account_id), ('entity_id', '=', entity_id or False), ('categ_id', '=', column_id)])
        return line or self.create({
            'account_id': account_id, 'entity_id': entity_id or False, 'categ_id': column_id})

    @api.model
    def grid_action(self, name, scope, row_id, column_id=None):
        """What a button of the grid opens."""
        if name == 'open_account':
            return {'type': 'ir.actions.act_window', 'res_model': 'kam.account', 'res_id': row_id,
                    'views': [(False, 'form')]}
        if name == 'create_opportunity':
            return self._grid_line(scope, row_id, column_id).action_create_opportunity()
        if name == 'open_line':
            line = self._grid_line(scope, row_id, column_id)
            return {'type': 'ir.actions.act_window', 'name': line.display_name, 'res_model': self._name,
                    'res_id': line.id, 'views': [(False, 'form')], 'target': 'new'}
        if name == 'open_list':
            action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_wallet_line_action')
            account_id = scope.get('account_id')
            return dict(action, domain=[('account_id', '=', account_id)], context={
                'default_account_id': account_id}) if account_id else action
        raise UserError(self.env._("There is no button of this name: %s", name))
