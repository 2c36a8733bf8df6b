from . import customer_profile
from . import customer_standing
from . import customer_freshness
from . import customer_documents
from . import customer_links
from . import customer_print
from . import customer_transition
