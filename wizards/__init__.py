from . import customer_care_trial
from . import customer_override
from . import customer_publication
from . import customer_value_comparison
