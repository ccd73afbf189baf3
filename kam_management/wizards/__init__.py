from . import base_partner_merge
from . import kam_tier_change_refuse
