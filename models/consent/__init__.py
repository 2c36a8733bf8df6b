from . import choices
from . import customer_consent_purpose
from . import customer_consent
from . import res_partner
