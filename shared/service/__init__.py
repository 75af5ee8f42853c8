"""A service as a process: what it is made of, how it starts and answers, and how it says that it is well."""
