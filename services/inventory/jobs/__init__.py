"""Nothing yet: what inventory does again and again is the catalogue's own work, and `app.py` names it."""
