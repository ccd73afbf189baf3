from . import kam_demo
from . import kam_demo_alerts
from . import kam_demo_rebalance
