"""Who works in a trial: clerks who do the main job, and what they wanted."""
