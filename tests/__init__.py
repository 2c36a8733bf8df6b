from . import test_facts
from . import test_lifecycle_policy
from . import test_marks
from . import test_rooms
from . import test_tours_policy
from . import test_value_policy
