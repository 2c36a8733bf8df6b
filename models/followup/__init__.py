from . import customer_followup_stage
from . import customer_followup_outcome
from . import customer_followup
from . import customer_followup_why
from . import customer_followup_open
from . import customer_followup_log
