"""Authentication by access token, and permissions by the policy tables."""
