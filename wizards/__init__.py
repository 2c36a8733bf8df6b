from . import customer_override
from . import customer_playbook_start
from . import customer_publication
from . import customer_value_comparison
