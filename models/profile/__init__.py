from . import customer_tier
from . import customer_lifecycle_stage
from . import customer_profile
from . import customer_transition
from . import res_partner
from . import partner_merge
from . import customer_profile_month
