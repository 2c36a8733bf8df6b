from . import ticket_rating
from . import ticket_portal
from . import opinion_box
from . import care_preferences
