from . import kam_account
from . import kam_program
