from . import test_access
from . import test_kam_account
from . import test_kam_assignment
from . import test_kam_flag_mixin
from . import test_kam_program
from . import test_kam_tier_change
from . import test_partner_merge
from . import test_tours
