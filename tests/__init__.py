from . import test_facts
from . import test_marks
from . import test_rooms
