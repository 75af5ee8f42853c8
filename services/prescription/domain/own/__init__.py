"""What belongs to one member of staff: lists, settings, menus."""
