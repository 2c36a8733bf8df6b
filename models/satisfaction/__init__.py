from . import res_partner
from . import customer_ticket_team
from . import customer_rating_request
from . import customer_ticket_rating
from . import customer_ticket_asking
from . import customer_ticket_rated
from . import rating_rating
from . import customer_profile
