"""Programs that run inside the virtual environment: they need its packages, or Odoo itself."""
