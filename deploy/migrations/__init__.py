"""The database's shape: roles, schemas and grants once, then one tree of migrations for each service."""
