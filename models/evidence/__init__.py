from . import customer_profile
from . import customer_documents
from . import customer_transition
