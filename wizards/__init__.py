from . import customer_override
