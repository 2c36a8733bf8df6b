from . import customer_value_trial
from . import customer_value_trial_batch
from . import customer_value_trial_result
from . import customer_value_trial_cell
from . import customer_value_policy
from . import customer_profile
