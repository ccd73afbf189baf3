from . import plan_one_page
from . import executive_briefing
from . import value_statement_customer
from . import value_statement_internal
