from . import customer_facts
from . import customer_mark
from . import account_move
from . import sale_order
from . import res_partner
