from . import models
from . import documents
from . import report
from . import controllers
