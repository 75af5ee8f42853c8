"""Routes about the signed-in person: identity, menus, settings and own lists."""
