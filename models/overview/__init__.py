from . import customer_transition
from . import customer_profile
from . import customer_overview
