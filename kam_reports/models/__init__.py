from . import kam_account
from . import kam_account_analysis
from . import kam_program
from . import kam_score_run
