from . import common  # company settings, the run ledger
from . import profile  # the customer as one company sees it, and the log of its changes
from . import facts  # purchase facts in SQL, and the marks that say whose facts changed
from . import value  # tiers and the versioned policy that assigns them
from . import lifecycle  # stages, their limits, the company's own market
from . import run  # the computation: facts in, decisions out
from . import trial  # what a policy would do, tried on everybody and stored for nobody
from . import evidence  # why a decision is what it is, in words and in sums
from . import history  # past days, as known then and as the documents say now; migration
from . import segment  # named audiences: who belongs to them, how many, since when
from . import overview  # where revenue comes from, who moved, what is at risk
from . import demand  # what a customer buys on, inferred from what it does, or not known
from . import verification  # what is missing in a customer's record, and when it was last verified
from . import ticket  # what customers say, answered in a closed loop
from . import satisfaction  # how it was solved, in the customer's words; asked once, never forced
from . import problem  # the recurring issue behind several tickets, found, mended, told
from . import followup  # whom to contact, when and why: cadence, the board, what people did
from . import playbook  # what to do when something happens to a customer
from . import retention  # customers won back, and those nobody looks after: the public pool
from . import consent  # who allowed what, by which channel; preferences, one-click unsubscribe
from . import care  # when to write to whom; every message past one gate, once
