from . import base_partner_merge
from . import kam_add_entities
from . import kam_add_entities_line
from . import kam_handover
from . import kam_handover_line
from . import kam_tier_change_decide
from . import kam_tier_change_decide_line
from . import kam_tier_change_refuse
