from . import customer_lifecycle_policy
from . import customer_market
