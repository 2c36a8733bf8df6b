from . import customer_success_demo
