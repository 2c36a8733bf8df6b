from . import ticket_rating
