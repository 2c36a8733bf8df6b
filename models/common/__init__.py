from . import res_company
from . import res_config_settings
from . import customer_run
from . import customer_kept_fields
