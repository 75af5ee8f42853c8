"""Who somebody is, and what the one policy table lets them do."""
