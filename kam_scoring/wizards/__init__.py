from . import kam_alert_resolve
