from . import customer_run
from . import customer_profile
from . import res_company
