from . import customer_success_demo  # how it is loaded; people and companies
from . import customer_success_demo_documents
from . import customer_success_demo_followups
from . import customer_success_demo_history
from . import customer_success_demo_tickets
from . import customer_success_demo_portal
from . import customer_success_demo_problems
from . import customer_success_demo_retention
from . import customer_success_demo_care
from . import customer_success_demo_demand
