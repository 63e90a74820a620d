"""Reviews, conferences and planning meetings: who meets when on a case, and what was decided."""
