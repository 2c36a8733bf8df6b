from . import customer_judgement
from . import customer_run
from . import customer_run_batch
from . import customer_run_store
from . import customer_run_totals
from . import customer_profile
from . import res_company
