"""Programs that run inside the virtual environment, because they need its packages or Odoo itself."""
