from . import customer_history
from . import customer_profile
from . import customer_profile_past
from . import customer_replay
from . import customer_migration
