"""Sessions: who is signed in, with which tokens, and until when."""
