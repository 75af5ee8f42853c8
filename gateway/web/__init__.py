"""What every page stands on: words, templates, headers, and the visit of a signed-in person."""
