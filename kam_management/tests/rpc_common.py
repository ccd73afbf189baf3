from odoo.tests import HttpCase, JsonRpcException
from odoo.tools import mute_logger

from .common import KamCase

ACCESS, USER = 'odoo.exceptions.AccessError', 'odoo.exceptions.UserError'


class RpcCase(HttpCase, KamCase):
    """Each user through the web's own route."""

    def rpc(self, user, model, method, *args, companies=None, context=(), **kwargs):
        if not self.session or self.session.uid != user.id:
            self.authenticate(user.login, user.login)
        companies = companies or user.company_ids
        context = {'allowed_company_ids': companies.ids, **dict(context)}
        return self.make_jsonrpc_request(f'/web/dataset/call_kw/{model}/{method}', {
            'model': model, 'method': method, 'args': args, 'kwargs': {**kwargs, 'context': context}})

    def refused(self, error, user, model, method, *args, **kwargs):
        with self.subTest(user=user.login, model=model, method=method, args=args):
            with self.assertRaises(JsonRpcException) as caught, mute_logger('odoo.http'):
                self.rpc(user, model, method, *args, **kwargs)
            self.assertEqual(str(caught.exception), error)

    def ids(self, user, model, domain=(), **kwargs):
        return {record['id'] for record in self.rpc(
            user, model, 'web_search_read', list(domain), {'display_name': {}}, **kwargs)['records']}
