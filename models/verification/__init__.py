from . import customer_data_check
from . import customer_tier
from . import customer_profile
