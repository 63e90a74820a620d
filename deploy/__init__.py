"""How the platform is started: command line, embedded stack, migrations, demo."""
