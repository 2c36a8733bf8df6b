from . import res_company
from . import res_config_settings
from . import customer_run
from . import customer_kept_fields
from . import customer_limits
from . import customer_monthly
