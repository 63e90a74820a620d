"""The cases service's own record: the only rooms of it that speak SQL. Every load takes the viewer."""
