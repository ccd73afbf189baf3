from . import kam_account
from . import kam_program
from . import kam_program_pack
from . import kam_pack
from . import kam_pack_subscription
from . import kam_pack_sending
