from . import kam_alert_resolve
from . import kam_rebalance_why_not
from . import kam_handover
