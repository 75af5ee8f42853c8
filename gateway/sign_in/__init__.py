"""Signing in and out at the region's provider (OpenID Connect)."""
