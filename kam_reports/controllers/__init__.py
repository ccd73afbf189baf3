from . import review_pack
