from . import controllers
from . import documents
from . import models
from . import report
from . import wizards
