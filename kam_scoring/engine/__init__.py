"""One run, as a handful of statements whatever the number of accounts.

    enrol      customers that traded and are in no account yet become accounts
    score      metrics -> points -> weighted score -> rank -> recommended tier, in one statement, staged
    history    what replaces what, the current score, trend; the score columns of the accounts
    score      metrics -> points -> weighted score -> rank -> recommended tier, in one INSERT
    history    monthly snapshots, the current score, trend; the score columns of the accounts
    classes    ABC classes and RFM segments of the accounts
    proposals  draft tier changes where the recommended tier is not the present one

    lifetime   not part of a run: customer lifetime value, fitted once a month
What a score is made of and what moved it since an earlier date is read from the history: `evidence`, `moves`, `words`.
Beside a run, and without writing a score:
    whatif     other numbers of the model on the values that the current scores have kept
    replay     the model as of past month ends, and what followed

Plain functions that take a `Scope` and a `Spec` and build SQL. Nothing here writes a tier.
"""
from .spec import Criterion, Gate, Rule, Spec, Weight
from . import points
from . import tiers
from . import holds
from . import single
from . import score
from . import enrol
from . import history
from . import evidence
from . import moves
from . import words
from . import proposals
from . import classes
from . import lifetime
from . import whatif
from . import replay
