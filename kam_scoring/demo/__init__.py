from . import kam_demo
from . import kam_demo_alerts
