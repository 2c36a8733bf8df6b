from . import customer_recurrence_rule
from . import customer_recurrence_look
from . import customer_problem
from . import customer_problem_search
from . import customer_problem_effect
from . import customer_problem_notice
from . import customer_ticket
from . import product
