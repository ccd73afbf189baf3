from . import models
from . import documents
from . import report
from . import models
from . import wizards
from . import controllers
