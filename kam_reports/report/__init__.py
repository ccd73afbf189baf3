from . import kam_pack_report
from . import kam_portfolio_report
from . import kam_movement_report
from . import kam_sponsor_report
from . import kam_dossier_report
from . import kam_whitespace_report
from . import kam_rebalance_report
