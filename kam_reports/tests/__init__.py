from . import test_xlsx_writer
from . import test_review_pack
from . import test_ledger_to_pack
from . import test_access
from . import test_controller
from . import test_tours
from . import test_account_analysis
from . import test_dashboards
