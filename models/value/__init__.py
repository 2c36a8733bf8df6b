from . import customer_value_policy
from . import customer_value_policy_calibrate
from . import customer_value_policy_publish
from . import customer_value_policy_schedule
from . import customer_value_cut
from . import customer_value_policy_tier
from . import customer_value_publication
