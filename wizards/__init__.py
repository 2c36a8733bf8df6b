from . import customer_cadence_choice
from . import customer_contact_log
from . import customer_followup_pass_on
from . import customer_override
from . import customer_playbook_start
from . import customer_publication
from . import customer_value_comparison
