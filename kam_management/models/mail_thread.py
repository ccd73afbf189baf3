import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


def _is_automatic_reply(message):
    """Out of office, or another reply that nobody wrote (RFC 3834).

    Exchange calls its replies "auto-generated", as machines call their alarms: those answer no mail.
    """
    submitted = (message.get('Auto-Submitted') or '').split(';')[0].strip().lower()
    return bool(
        submitted == 'auto-replied'
        or submitted == 'auto-generated' and (message.get('In-Reply-To') or message.get('References'))
        or message.get('X-Autoreply') or message.get('X-Autorespond')
        or (message.get('Precedence') or '').strip().lower() == 'auto_reply')


class MailThread(models.AbstractModel):
    """Here and not at the issue, because Odoo asks here where a reply goes to."""
    _inherit = 'mail.thread'

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """An automatic reply opens no issue. At an issue that it answers it is a message, but no answer."""
        route = super()._routing_check_route(message, message_dict, route, raise_exception=raise_exception)
        if route and route[0] == 'kam.issue' and _is_automatic_reply(message):
            if not route[1]:
                _logger.info(
                    "Automatic reply %s of %s opens no issue", message_dict['message_id'], message_dict['email_from'])
                return ()
            # Taken out again by message_update: of a reply there is one route.
            message_dict['kam_is_automatic'] = True
        return route
