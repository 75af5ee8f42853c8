"""The HTTP routes of prescription, a folder for each subject, and who sees what."""
