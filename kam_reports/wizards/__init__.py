from . import kam_pack_make
from . import kam_pack_make_section
