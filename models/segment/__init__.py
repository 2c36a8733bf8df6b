from . import customer_segment
from . import customer_segment_size
from . import customer_profile
from . import customer_run
from . import res_partner
