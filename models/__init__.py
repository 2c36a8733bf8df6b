from . import common  # company settings, the run ledger
from . import profile  # the customer as one company sees it, and the log of its changes
from . import facts  # purchase facts in SQL, and the marks that say whose facts changed
from . import value  # tiers and the versioned policy that assigns them
from . import lifecycle  # stages, their limits, the company's own market
from . import run  # the computation: facts in, decisions out
from . import evidence  # why a decision is what it is, in words and in sums
from . import (
    ticket,
)  # complaints and what else customers say, from the first word to the return visit
