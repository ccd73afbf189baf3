from . import kam_account
from . import kam_account_analysis
from . import kam_account_import
from . import kam_plan_import
from . import kam_program
from . import kam_score_run
from . import kam_stakeholder_import
from . import kam_wallet_line_import
