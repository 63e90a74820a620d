"""Operations: what is overdue now, from its own copy of every service's deadlines, and what the watchdog sees."""
